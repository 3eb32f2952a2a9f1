"""Leave out what was read of specks, creases and hatching: signs and lone letters, hardly sure.

A recogniser gives something for whatever looks like a line. Of words that it is not sure of half
are right, and a reader can tell from the rest; of lone signs and letters hardly any are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from fanfold.ocr.words import Row

SURE = 40.0
"""Confidence that a word without a letter or a digit needs. Receipts come out alike with 30 to 60;
from 50 on typewritten dashes are lost. Words with letters must stay, however unsure."""

SURE_ALONE = 60.0
"""Confidence that some word of a line with next to no letters needs."""

_NEXT_TO_NONE = 2
"""Letters and digits. With four, short lines of books are lost."""


def without(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the words that are none of specks."""
    whole = (row for row in rows if row.word.confidence >= SURE or _letters(row))
    for _, group in groupby(whole, key=lambda row: (row.paragraph, row.line)):
        line = list(group)
        if not _is_scattered(line):
            yield from line


def _is_scattered(line: Sequence[Row]) -> bool:
    few = sum(map(_letters, line)) <= _NEXT_TO_NONE
    return few and max(row.word.confidence for row in line) < SURE_ALONE


def _letters(row: Row) -> int:
    return sum(map(str.isalnum, row.word.text))
