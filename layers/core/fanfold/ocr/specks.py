"""Leave out what was read of specks, creases and hatching: signs alone that are hardly sure.

A recogniser gives something for whatever looks like a line. Of letters and figures that it is not
sure of, half are right, and a reader can tell from the rest; of lone signs hardly any are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fanfold.ocr.tsv import Row

SURE = 40.0
"""Confidence that a word without a letter or a digit needs. Receipts come out alike with 30 to 60;
from 50 on typewritten dashes are lost. Words with letters must stay, however unsure."""


def without(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the words that are none of specks."""
    for row in rows:
        if row.word.confidence >= SURE or any(map(str.isalnum, row.word.text)):
            yield row
