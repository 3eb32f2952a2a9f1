"""Where a page as it is displayed lies in the page's own space.

A page is displayed by cutting its crop box out of the media box and turning it clockwise by
/Rotate. Both spaces have their origin at the bottom left here, as PDF has it.
"""

from __future__ import annotations

from pikepdf import Matrix

from fanfold.page_boxes import Corners, Displayed

_TURNED = {
    0: Matrix(1, 0, 0, 1, 0, 0),
    90: Matrix(0, 1, -1, 0, 1, 0),
    180: Matrix(-1, 0, 0, -1, 1, 1),
    270: Matrix(0, -1, 1, 0, 0, 1),
}
"""The unit square as displayed to the unit square before /Rotate turned it."""


def matrix(layer: Corners, page: Displayed) -> Matrix:
    """Return what maps ``layer``, the box of a layer for the page as displayed, onto ``page``.

    Each axis is scaled so that the one fills the other: rendering rounds a page to whole pixels.
    Both must have an area.
    """
    left, bottom, right, top = layer
    moved = Matrix().translated(-left, -bottom)
    to_unit = moved @ Matrix().scaled(1 / (right - left), 1 / (top - bottom))
    left, bottom, right, top = page.box
    from_unit = Matrix().scaled(right - left, top - bottom) @ Matrix().translated(left, bottom)
    return to_unit @ _TURNED[page.rotation] @ from_unit
