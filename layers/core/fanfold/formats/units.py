"""Boxes in whole units, and texts fit for XML, for the formats of the OCR world."""

from __future__ import annotations

from typing import NamedTuple

from fanfold.formats.text import CONTROLS
from fanfold.model import Box, Page

PIXELS_PER_INCH = 300
"""Resolution of the boxes in hOCR and TSV. Pages of PDFs have no pixels of their own."""

POINTS_PER_INCH = 72
_NO_XML = {**CONTROLS, **dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF])}


class Area(NamedTuple):
    """A rectangle in whole units, origin at the top left of the page."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height


def area(box: Box, per_inch: int) -> Area:
    """Return ``box`` in units of ``per_inch``; what lies above or left of the page is cut off."""
    left, top, right, bottom = (
        max(0, round(edge * per_inch / POINTS_PER_INCH))
        for edge in (box.x0, box.y0, box.x1, box.y1)
    )
    return Area(left, top, right - left, bottom - top)


def whole(page: Page, per_inch: int) -> Area:
    """Return the area of a whole page."""
    return area(Box(0, 0, page.width, page.height), per_inch)


def angle(page: Page) -> float:
    """Return by how many degrees counterclockwise the page's lines are turned, -16 to 286."""
    return round(page.orientation + page.skew, 2)


def characters(text: str) -> str:
    """Return ``text`` without the characters that XML cannot hold."""
    return text.translate(_NO_XML)
