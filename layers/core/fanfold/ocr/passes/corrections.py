"""Part what was read as one word and is set as two: ``13 A`` in a column of numbers.

A recogniser learned its spaces from running text; between a number and a letter it often leaves
them out, however wide they are. The picture tells: such a gap is wider than any other of the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from PIL import Image

from fanfold.model import Word
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.words import Row

_BORDER = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
"""Between a digit and a letter."""

_SHORTEST = 3
"""Letters and digits: with two there is no other gap to compare with."""

_WIDE = 0.28
"""Share of a word's height that a space has at least; letters stand 0.05 to 0.2 apart."""

_WIDER = 2.0
"""How often the next widest gap must go into it; typewritten letters stand far apart, too."""

_NEAR = 0.15
"""Share of the word's width by which the gap may be off the place that the letters suggest."""


def parted(rows: Sequence[Row], picture: Drawing) -> tuple[Row, ...]:
    """Return the words of ``picture``, parted where a number and a letter stand apart."""
    if not any(_border(row.word.text) for row in rows):
        return tuple(rows)
    with Image.open(picture.path, formats=["PPM"]) as image:
        image.load()
    return tuple(part for row in rows for part in _parts(row, image))


def _border(text: str) -> int:
    """Return the place of the only border in a word; 0 where there is none or are more."""
    places = [found.start() for found in _BORDER.finditer(text)]
    return places[0] if len(places) == 1 and sum(map(str.isalnum, text)) >= _SHORTEST else 0


def _parts(row: Row, image: Image.Image) -> Iterator[Row]:
    word, place = row.word, _border(row.word.text)
    gap = _gap(word, place, image) if place else None
    if gap is None:
        yield row
        return
    left, right = gap
    for text, box in (
        (word.text[:place], replace(word.box, x1=left)),
        (word.text[place:], replace(word.box, x0=right)),
    ):
        yield row._replace(word=replace(word, text=text, box=box))


def _gap(word: Word, place: int, image: Image.Image) -> tuple[float, float] | None:
    """Return from where to where there is a space at a place in a word, if there is one."""
    box = word.box
    left, top = max(0, round(box.x0)), max(0, round(box.y0))
    right, bottom = min(image.width, round(box.x1)), min(image.height, round(box.y1))
    if right <= left or bottom <= top:
        return None
    gaps = sorted(_gaps(image.crop((left, top, right, bottom))), key=lambda gap: gap[0] - gap[1])
    if not gaps:
        return None
    (start, end), second = gaps[0], max((b - a for a, b in gaps[1:]), default=0)
    middle, width = (start + end) / 2, right - left
    there = abs(middle / width - place / len(word.text)) <= _NEAR
    wide = end - start >= max(_WIDE * (bottom - top), _WIDER * second)
    return (left + start, left + end) if there and wide else None


def _gaps(part: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield from where to where there is no ink in a picture of a word, between its letters."""
    levels = part.tobytes()
    middle = (min(levels) + max(levels)) / 2
    black = part.point(lambda level: 255 * (level < middle))
    columns = range(black.width)
    inked = [x for x in columns if black.crop((x, 0, x + 1, black.height)).getbbox()]
    yield from ((a + 1, b) for a, b in pairwise(inked) if b > a + 1)
