"""Words from the tab-separated tables of tesseract and pdftotext, which name columns alike.

Columns: level, page, two numbers that together name the paragraph, line, word, left, top, width,
height, confidence, text. Lengths are pixels (tesseract) or points (pdftotext).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator

from fanfold.model import Box, Word
from fanfold.ocr.words import Row

_COLUMNS = 12
_WORD_LEVEL = "5"
_JOINERS = "\u200c\u200d"
_SOFT_HYPHEN = "\u00ad"


def rows(table: str, cleaned: Callable[[str], str] | None = None) -> Iterator[Row]:
    """Yield the words of a table, their boxes in its own unit and their texts ``cleaned``.

    Words without a visible character or with a negative confidence are left out.
    """
    for fields in _records(table):
        text = (cleaned or clean)(fields[-1])
        left, top, width, height, confidence = (float(field) for field in fields[6:11])
        edges = left, top, left + width, top + height
        if text and confidence >= 0 and all(map(math.isfinite, edges)):
            yield Row((fields[2], fields[3]), fields[4], Word(text, Box(*edges), confidence))


def raw_text(table: str) -> str:
    """Return all characters of all words as they are, glyphs without a meaning included."""
    return "".join(fields[-1] for fields in _records(table))


def clean(text: str) -> str:
    """Return ``text`` without white space at its ends, control and invisible characters.

    A soft hyphen was drawn as a hyphen where it stands at the end of a line, and is one here.
    """
    if text.isprintable():  # nearly every word
        return text.strip()
    text = text.replace(_SOFT_HYPHEN, "-")
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c)[0] != "C").strip()


def _records(table: str) -> Iterator[list[str]]:
    for record in table.split("\n"):
        fields = record.split("\t", _COLUMNS - 1)
        if len(fields) == _COLUMNS and fields[0] == _WORD_LEVEL:
            yield fields
