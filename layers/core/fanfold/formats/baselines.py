"""Where the letters of a line stand, and how high they are, as far as the boxes of words tell.

A box of recognised words is as low as the lowest letter: words without a letter that reaches below
the line tell where it is. Boxes of text layers reach as low as their font does, and tell nothing.
"""

from __future__ import annotations

import math
import re
from statistics import median
from typing import NamedTuple

from fanfold.model import Line, Page, Source

_ON_THE_BASELINE = "0-9A-IK-PR-Za-fhik-or-xzÀ-ÆÈ-ÖØ-Ýà-æè-öø-ü"
_STANDING = re.compile(f"[{_ON_THE_BASELINE}][{_ON_THE_BASELINE}.!?:%&]*")
"""A word of letters that stand on the line; other scripts are not known."""

_LARGER_SHARE = 0.75
"""Share of a line's words that are lower than the typical high one."""

_MAXIMUM_HEIGHT_ON_A_LINE = 1.5
"""Maximum of a word's height that counts, in heights of that one: it may reach up and down."""


class Baseline(NamedTuple):
    """A line from the lower left corner of a box: ``offset`` in points, both growing downwards."""

    slope: float
    offset: float


def of(page: Page, line: Line) -> Baseline | None:
    """Return where an upright line stands; None where its words do not tell."""
    if page.source is not Source.OCR or page.orientation:
        return None
    standing = [word.box for word in line.words if _STANDING.fullmatch(word.text)]
    if not standing:
        return None
    slope = -math.tan(math.radians(page.skew))
    lows = [(box.x0 if page.skew > 0 else box.x1, box.y1) for box in standing]
    level = median(y - slope * (x - line.box.x0) for x, y in lows)
    return Baseline(round(slope, 4) + 0.0, level - line.box.y1)


def size(line: Line) -> float:
    """Return how high a line's letters reach from the lowest to the highest, in points.

    Words that are much higher than most are none of its letters.
    """
    heights = sorted(word.box.height for word in line.words)
    typical = heights[round(_LARGER_SHARE * (len(heights) - 1))]
    return max(height for height in heights if height <= _MAXIMUM_HEIGHT_ON_A_LINE * typical)
