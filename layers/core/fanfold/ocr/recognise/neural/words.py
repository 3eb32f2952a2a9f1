"""From the characters of a line to its words: where each begins and ends.

The model learned its spaces from running text and leaves some of them out. The picture tells:
where two letters stand as far apart as words do elsewhere in the line there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean, median

from PIL import Image, ImageStat

from fanfold.model import Box, Word
from fanfold.ocr.recognise.neural.characters import Character
from fanfold.ocr.recognise.neural.oblong import Oblong

_INK = 0.45
"""Minimum share of the way from paper to the farthest level at which there is ink."""

_SPACE = 0.75
"""Minimum width of a space that was left out, in common ones of the line."""

_WIDER = 2.5
"""Minimum of such a space in common gaps between letters: headings are spaced out."""

_WIDE = 0.2
"""Minimum of its width in heights of the line: a rule below it leaves no place without ink."""

_SPACES = 2
"""Minimum of spaces in a line that tell how wide they are."""

_END = Character(" ", 1.0, 1.0)
_PAPER = re.compile(b"\\0+")


def of(said: Sequence[Character], line: Oblong, picture: Image.Image) -> Iterator[Word]:
    """Yield the words of a line that lies as ``line`` and looks like ``picture``.

    A word reaches from the space before it to the one behind it, less the paper around its ink.
    """
    ink, start = _ink(picture), 0.0
    letters: list[Character] = []
    for one in (*_spaced(said, ink), _END):
        if one.sign.strip():
            letters.append(one)
            continue
        if letters:
            box = _around_ink(ink, start * picture.width, one.place * picture.width)
            sure = 100 * fmean(letter.likely for letter in letters)
            yield Word("".join(letter.sign for letter in letters), line.around(box), sure)
        start, letters = one.place, []


def _spaced(said: Sequence[Character], ink: Image.Image) -> Iterator[Character]:
    """Yield the characters of a line with the spaces that were left out."""
    columns = ink.resize((ink.width, 1), Image.Resampling.BOX).tobytes()
    letters = [n for n, one in enumerate(said) if one.sign.strip()]
    pairs = [(n, next_, _gap(columns, said[n], said[next_])) for n, next_ in pairwise(letters)]
    spaces = [end - start for n, next_, (start, end) in pairs if next_ > n + 1]
    within = [end - start for n, next_, (start, end) in pairs if next_ == n + 1]
    if len(spaces) < _SPACES or not within:
        yield from said
        return
    least = max(_SPACE * median(spaces), _WIDER * median(within), _WIDE * ink.height)
    missing = {
        n: (start + end) / 2 / ink.width
        for n, next_, (start, end) in pairs
        if next_ == n + 1 and end - start >= least and _are_letters(said[n], said[next_])
    }
    for n, one in enumerate(said):
        yield one
        if n in missing:
            yield Character(" ", 1.0, missing[n])


def _are_letters(one: Character, other: Character) -> bool:
    return one.sign.isalnum() and other.sign.isalnum()


def _gap(columns: bytes, one: Character, other: Character) -> tuple[int, int]:
    """Return the widest place without ink between two characters."""
    left, right = (round(each.place * len(columns)) for each in (one, other))
    found = [match.span() for match in _PAPER.finditer(columns, left, right)]
    return max(found, key=lambda gap: gap[1] - gap[0], default=(left, left))


def _ink(picture: Image.Image) -> Image.Image:
    """Return what differs from the paper, which may be darker than the letters."""
    paper = ImageStat.Stat(picture).median[0]
    levels = [level for level, count in enumerate(picture.histogram()) if count]
    apart = max(paper - levels[0], levels[-1] - paper)
    return picture.point(lambda level: 255 * (abs(level - paper) > _INK * apart))


def _around_ink(ink: Image.Image, left: float, right: float) -> Box:
    """Return the box of the ink between two places across, in pixels; of all where is none."""
    start, end = int(left), max(int(left) + 1, round(right))
    part = ink.crop((start, 0, end, ink.height))
    x0, y0, x1, y1 = part.getbbox() or (0, 0, *part.size)
    return Box(start + x0, y0, start + x1, y1)
