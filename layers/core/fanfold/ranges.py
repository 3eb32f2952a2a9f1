"""Page selections: ``1-3,7,10-end`` to page numbers and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fanfold.errors import InvalidPageRange

_PART = re.compile(r"(?P<first>\d{1,7}|end)(?:-(?P<last>\d{1,7}|end)?)?")
_MAXIMUM_SELECTION = 2_000
"""Maximum of characters in a selection; it travels in a DynamoDB item."""


def check(spec: str) -> str:
    """Return ``spec`` without white space; raise InvalidPageRange if it cannot be read."""
    compact = "".join(spec.split())
    if len(compact) > _MAXIMUM_SELECTION:
        raise InvalidPageRange(
            f"The page selection is longer than {_MAXIMUM_SELECTION} characters."
        )
    for part in compact.split(",") if compact else ():
        _bounds(part, 1)
    return compact


def expand(spec: str, total: int) -> tuple[int, ...]:
    """Return the pages of ``spec`` that exist in a document of ``total`` pages, in order.

    An empty ``spec`` means all. Pages beyond the end are left out, so the answer may be empty.
    """
    if not spec:
        return tuple(range(1, total + 1))
    chosen: set[int] = set()
    for part in spec.split(","):
        first, last = _bounds(part, total)
        chosen.update(range(first, min(last, total) + 1))
    return tuple(sorted(chosen))


def compress(pages: Iterable[int]) -> str:
    """Write ascending page numbers as ranges: ``(1, 2, 3, 7)`` → ``1-3,7``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _bounds(part: str, total: int) -> tuple[int, int]:
    match = _PART.fullmatch(part)
    if match is None:
        raise InvalidPageRange(f"“{part[:20]}” is not a page or a range of pages.")
    first = _number(match["first"], total)
    last = _number(match["last"] or "end", total) if "-" in part else first
    if first < 1 or (last < first and match["last"] not in (None, "end")):
        raise InvalidPageRange(f"“{part[:20]}” is not a range of pages.")
    return first, last


def _number(word: str, total: int) -> int:
    return total if word == "end" else int(word)
