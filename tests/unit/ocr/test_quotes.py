# ruff: noqa: RUF001 (single quotation marks are what this is about)
"""Two like quotation marks side by side are a double one, read stroke by stroke."""

from __future__ import annotations

import pytest

from fanfold.model import Box, Word
from fanfold.ocr.recognise import spelling
from fanfold.ocr.words import Row


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("‘‘Yes,’’", "“Yes,”"),
        ("““Yes,””", "“Yes,”"),
        ("‚‚Ja‘‘", "„Ja“"),
        ("‘‘’Tis", "“’Tis"),
        ("‘Yes,’", "‘Yes,’"),
        ("“‘Yes,’”", "“‘Yes,’”"),
        ("''", "''"),
        ('""', '""'),
        ("o’clock", "o’clock"),
    ],
)
def test_like_marks_are_one_and_others_stay(read, meant):
    row = Row(("1", "1"), "1", Word(read, Box(0, 0, 9, 9), 90.0))
    (found,) = spelling.joined([row])
    assert found == row._replace(word=Word(meant, row.word.box, 90.0))
