"""Quotation marks that a recogniser reads stroke by stroke.

A double mark has two strokes, and tesseract often says so: two single marks for one double mark, or
two double ones. No text sets two like marks side by side; nested ones differ. Straight marks stay:
``''`` is an empty string in a listing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from fanfold.ocr.words import Row

_LEFT, _RIGHT, _LOW = (
    "\N{LEFT SINGLE QUOTATION MARK}",
    "\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{SINGLE LOW-9 QUOTATION MARK}",
)
_DOUBLE = {_LEFT: "“", _RIGHT: "”", _LOW: "„"}
_TWICE = re.compile(f"([{_LEFT}{_RIGHT}{_LOW}“”„])\\1")


def joined(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with two like marks as the one that they are."""
    for row in rows:
        text = _TWICE.sub(_one, row.word.text)
        yield row._replace(word=replace(row.word, text=text)) if text != row.word.text else row


def _one(twice: re.Match[str]) -> str:
    return _DOUBLE.get(twice[1], twice[1])
