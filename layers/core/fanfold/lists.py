"""What a list's item begins with: a bullet, a number, a letter."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Sign(StrEnum):
    """What kinds of beginnings there are."""

    BULLET = "bullet"
    """Signs that stand for nothing else."""
    DASH = "dash"
    """Dashes and asterisks, which may also begin speech, a sum or a footnote."""
    NUMBER = "number"
    LETTER = "letter"


class Marker(NamedTuple):
    """A beginning: ``place`` counts from 1 (c is 3), 0 for bullets; ``length`` in characters.

    ``ends`` is what follows a number or letter: ``.`` or ``)``, and ``()`` where it is enclosed.
    """

    sign: Sign
    place: int
    ends: str
    length: int


_BULLETS = "•◦▪‣·●○■□➢➤✓✔"
_DASHES = "-–—*"
_SIGN = re.compile(rf"([{_BULLETS}]\s*|[{_DASHES}]\s+)(?=\S)")
_COUNTED = re.compile(r"(\(?)(\d{1,3}|[a-z])([.)])\s+(?=\S)")


def marker(text: str) -> Marker | None:
    """Return what ``text`` begins with; None if that is no beginning of an item."""
    if found := _SIGN.match(text):
        sign = Sign.BULLET if found[1][0] in _BULLETS else Sign.DASH
        return Marker(sign, 0, "", found.end())
    found = _COUNTED.match(text)
    if found is None or (found[1] and found[3] == "."):
        return None
    ends = "()" if found[1] else found[3]
    if found[2].isdigit():
        return Marker(Sign.NUMBER, int(found[2]), ends, found.end())
    return Marker(Sign.LETTER, ord(found[2]) - ord("a") + 1, ends, found.end())
