"""How much of a known text was found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


def recall(truth: Iterable[str], text: str) -> float:
    """Return the share of the true words that the text holds, 1 where there are none."""
    wanted = Counter(_WORD.findall(" ".join(truth).lower()))
    found = Counter(_WORD.findall(text.lower()))
    total = sum(wanted.values())
    return sum((wanted & found).values()) / total if total else 1.0
