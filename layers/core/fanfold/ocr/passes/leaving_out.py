"""What can be left out of the reading of a page, to see what it buys."""

from __future__ import annotations

from collections.abc import Iterable

from fanfold.errors import RecognitionFailed
from fanfold.ocr.passes import table
from fanfold.ocr.structure import blocks

OPTIONAL = (*table.PASS_NAMES, *blocks.STEP_NAMES)
"""Names of all passes and of the steps from words to blocks."""


def check(names: Iterable[str]) -> None:
    """Raise RecognitionFailed if one of ``names`` is none of OPTIONAL.

    A misspelt one would leave out nothing, and look as if what was meant bought nothing.
    """
    if strange := sorted(set(names) - set(OPTIONAL)):
        known = ", ".join(OPTIONAL)
        raise RecognitionFailed(f"There is no pass {', '.join(strange)}; there are {known}.")
