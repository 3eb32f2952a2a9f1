"""Corrections of what was read: noise goes, and words that are set apart are parted.

A recogniser gives something for whatever looks like a line: specks, creases and hatching. Of words
that it is not sure of half are right, and a reader can tell from the rest; of lone signs and
letters that are hardly sure next to none are.

It learned its spaces from running text; between a number and a letter, ``13 A`` in a column of
numbers, it often leaves them out, however wide they are. The picture tells: such a gap is wider
than any other of the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from PIL import Image

from fanfold.model import Word
from fanfold.ocr.passes.means import Means
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

SIGN_KEPT = 40.0
"""Minimum confidence of a word without a letter or a digit. Receipts come out alike with 30 to 60;
from 50 on typewritten dashes are lost. Words with letters must stay, however unsure."""

LONE_KEPT = 60.0
"""Minimum confidence of some word of a line with next to no letters."""

_NEXT_TO_NONE = 2
"""Letters and digits. With four, short lines of books are lost."""

_LEADER = re.compile(r"[.·…_]{4,}")
"""Dots that lead from a title to its page's number: a rule that is made of signs."""

_DOTS = ".·…"
_LED, _LED_HEIGHTS = 3, 4.0
"""Minimum of words in a line with a title, dots and a number, and of heights of the title between
it and what is left of the dots; in tables, numbers may begin with a dot."""

_BORDER = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
"""Between a digit and a letter."""

_SHORTEST = 3
"""Letters and digits: with two there is no other gap to compare with."""

_SPACE_WIDTH = 0.28
"""Share of a word's height that a space has at least; letters stand 0.05 to 0.2 apart."""

_TIMES_THE_NEXT_GAP = 2.0
"""How often the next widest gap must go into it; typewritten letters stand far apart, too."""

_OFF_PLACE = 0.15
"""Share of the word's width by which the gap may be off the place that the letters suggest."""


def without_noise(found: Reading, _means: Means) -> Reading:
    """Return ``found`` without what was read of specks, creases and hatching."""
    return found.saying(tuple(not_noise(found.rows)))


def not_noise(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the words that are neither noise nor rows of dots."""
    printed = (row for row in rows if not _LEADER.fullmatch(row.word.text))
    whole = (row for row in printed if row.word.confidence >= SIGN_KEPT or _letters(row))
    for _, group in groupby(whole, key=lambda row: (row.paragraph, row.line)):
        line = list(group)
        if not _is_scattered(line):
            yield from _led(line)


def _led(line: list[Row]) -> list[Row]:
    """Return a line without the last of the dots that lead to the number at its end."""
    if len(line) < _LED or not line[-1].word.text[-1:].isdigit():
        return line
    *rest, last = line
    if not rest[-1].word.text.strip(_DOTS):
        return [*rest[:-1], last] if _is_far(rest[-2], rest[-1]) else line
    number = last.word.text.lstrip(_DOTS)
    if last.word.alternative == number != last.word.text and _is_far(rest[-1], last):
        return [*rest, last._replace(word=replace(last.word, text=number))]
    return line


def _is_far(before: Row, row: Row) -> bool:
    one, other = before.word.box, row.word.box
    return other.x0 - one.x1 >= _LED_HEIGHTS * one.height


def _is_scattered(line: Sequence[Row]) -> bool:
    few = sum(map(_letters, line)) <= _NEXT_TO_NONE
    return few and max(row.word.confidence for row in line) < LONE_KEPT


def _letters(row: Row) -> int:
    return sum(map(str.isalnum, row.word.text))


def run_together(found: Reading) -> bool:
    """Whether there are words of a number and a letter, which a space may stand between."""
    return any(_border(row.word.text) for row in found.rows)


def parted(found: Reading, _means: Means) -> Reading:
    """Return ``found`` with words parted where a number and a letter stand apart."""
    image = found.drawing.image
    return found.saying(tuple(part for row in found.rows for part in _parts(row, image)))


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
    there = abs(middle / width - place / len(word.text)) <= _OFF_PLACE
    wide = end - start >= max(_SPACE_WIDTH * (bottom - top), _TIMES_THE_NEXT_GAP * second)
    return (left + start, left + end) if there and wide else None


def _gaps(part: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield from where to where there is no ink in a picture of a word, between its letters."""
    levels = part.tobytes()
    middle = (min(levels) + max(levels)) / 2
    black = part.point(lambda level: 255 * (level < middle))
    columns = range(black.width)
    inked = [x for x in columns if black.crop((x, 0, x + 1, black.height)).getbbox()]
    yield from ((a + 1, b) for a, b in pairwise(inked) if b > a + 1)
