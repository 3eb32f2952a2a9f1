"""From the characters of a line to its words: where each begins and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from PIL import Image, ImageStat

from fanfold.model import Box, Word
from fanfold.ocr.recognise.neural.characters import Character
from fanfold.ocr.recognise.neural.oblong import Oblong

_INK = 0.45
"""Minimum share of the way from paper to the farthest level at which there is ink."""

_WORD_END = Character(" ", 1.0, 1.0)


def of(said: Sequence[Character], line: Oblong, picture: Image.Image) -> Iterator[Word]:
    """Yield the words of a line that lies as ``line`` and looks like ``picture``.

    A word reaches from the space before it to the one behind it, less the paper around its ink.
    """
    ink, start = _ink(picture), 0.0
    letters: list[Character] = []
    for one in (*said, _WORD_END):
        if one.sign.strip():
            letters.append(one)
            continue
        if letters:
            box = _around_ink(ink, start * picture.width, one.place * picture.width)
            sure = 100 * fmean(letter.likely for letter in letters)
            yield Word("".join(letter.sign for letter in letters), line.around(box), sure)
        start, letters = one.place, []


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
