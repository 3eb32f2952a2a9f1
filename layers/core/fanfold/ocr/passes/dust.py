"""Dashes and bullets before items of a list that were lost where those of other items were read.

Layout analysis takes some of a list's marks for dust. Where several lines begin with a mark, and
another one begins where their text does, the place of its mark is known: if ink of the same size
is there, and nothing was read of it, it is the mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture import ink
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

_MARKS = frozenset("-–—•*·◦▪●○■□")
_ENOUGH = 3
"""Lines of a list whose marks were read."""

_OFF = 0.5
"""Heights of a word by which edges of items may differ, and a mark from others of its list."""

_ALIKE = 1.6
"""How many times as wide or high as the others a mark may be, or they as it."""

_DUST = 4.0
"""Pixels that marks may differ by however small they are."""


class _List(NamedTuple):
    """Where marks and texts of a list begin, how large its marks are, what they are read as."""

    left: float
    text: float
    width: float
    height: float
    line: float
    sign: str
    confidence: float


def completed(found: Reading, _means: Means) -> Reading:
    """Return ``found`` with the marks that other items of its lists have and its drawing shows."""
    lines = [list(rows) for _, rows in groupby(found.rows, key=lambda r: (r.paragraph, r.line))]
    lists = list(_lists([line for line in lines if _is_marked(line)]))
    if not lists:
        return found
    image = found.drawing.image
    rows = [row for line in lines for row in (*_lost(line, lists, found.rows, image), *line)]
    return found.saying(tuple(rows))


def _is_marked(line: Sequence[Row]) -> bool:
    return len(line) > 1 and line[0].word.text in _MARKS


def _lists(marked: Sequence[Sequence[Row]]) -> Iterator[_List]:
    """Yield lists: of marked lines, those whose texts begin below each other."""
    rest = sorted(marked, key=lambda line: line[1].word.box.x0)
    while rest:
        edge = rest[0][1].word.box.x0
        reach = _OFF * rest[0][1].word.box.height
        items = [line for line in rest if line[1].word.box.x0 <= edge + reach]
        rest = rest[len(items) :]
        if len(items) >= _ENOUGH:
            yield _list(items)


def _list(items: Sequence[Sequence[Row]]) -> _List:
    boxes = [line[0].word.box for line in items]
    sign, _ = Counter(line[0].word.text for line in items).most_common(1)[0]
    return _List(
        median(box.x0 for box in boxes),
        median(line[1].word.box.x0 for line in items),
        median(box.width for box in boxes),
        median(box.height for box in boxes),
        median(line[1].word.box.height for line in items),
        sign,
        median(line[0].word.confidence for line in items),
    )


def _lost(
    line: Sequence[Row], lists: Sequence[_List], read: Sequence[Row], image: Image.Image
) -> Iterator[Row]:
    """Yield the mark that stands before a line, if it belongs to a list and was not read."""
    first = line[0]
    for one in lists:
        if abs(first.word.box.x0 - one.text) > _OFF * one.line:
            continue
        place = _place(first.word.box, one)
        box = None if any(row.word.box.inside(place) for row in read) else _inked(image, place)
        if box and _alike(box.width, one.width) and _alike(box.height, one.height):
            yield first._replace(word=Word(one.sign, box, one.confidence))
            return


def _place(text: Box, one: _List) -> Box:
    """Return where a mark must stand: left of the text, as far off as the others."""
    reach = _OFF * one.line
    middle = text.middle_y
    right = min(one.left + one.width + reach, text.x0 - 1)
    return Box(max(0.0, one.left - reach), middle - one.line / 2, right, middle + one.line / 2)


def _inked(image: Image.Image, place: Box) -> Box | None:
    """Return the box of what is dark in a place; None where nothing stands out from the paper."""
    left, top = int(place.x0), max(0, int(place.y0))
    right, bottom = min(image.width, int(place.x1)), min(image.height, int(place.y1))
    if left >= right or top >= bottom:
        return None
    black = ink.black(image.crop((left, top, right, bottom)))
    edges = black.getbbox() if black else None
    return edges and Box(edges[0] + left, edges[1] + top, edges[2] + left, edges[3] + top)


def _alike(one: float, other: float) -> bool:
    small, large = sorted((one, other))
    return large <= max(_ALIKE * small, small + _DUST)
