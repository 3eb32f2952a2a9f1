"""Where a page as it is displayed lies in the page's own space.

A page is displayed by cutting its crop box out of the media box and turning it clockwise by
/Rotate. Both spaces have their origin at the bottom left here, as PDF has it.
"""

from __future__ import annotations

from pikepdf import Array, Matrix, Page

Box = tuple[float, float, float, float]

LETTER: Box = (0, 0, 612, 792)
"""What poppler and qpdf take for a page without a usable media box."""

_TURNED = {
    0: Matrix(1, 0, 0, 1, 0, 0),
    90: Matrix(0, 1, -1, 0, 1, 0),
    180: Matrix(-1, 0, 0, -1, 1, 1),
    270: Matrix(0, -1, 1, 0, 0, 1),
}
"""The unit square as displayed to the unit square before /Rotate turned it."""


def visible_box(page: Page) -> Box:
    """Return the part of the page that is displayed, in points of its own space."""
    media = _box(page.mediabox) or LETTER
    crop = _box(page.cropbox) or media
    return _common(media, crop) or media


def matrix(displayed: Box, visible: Box, rotation: int) -> Matrix:
    """Return what maps ``displayed``, the page turned by ``rotation``, onto ``visible``.

    Scales each axis so that the one fills the other: rendering rounds a page to whole pixels, and
    a viewer may multiply it by UserUnit. A rotation that is no multiple of 90 counts as none, as
    in poppler.
    """
    to_unit = Matrix().translated(-displayed[0], -displayed[1]) @ Matrix().scaled(
        1 / (displayed[2] - displayed[0]), 1 / (displayed[3] - displayed[1])
    )
    from_unit = Matrix().scaled(
        visible[2] - visible[0], visible[3] - visible[1]
    ) @ Matrix().translated(visible[0], visible[1])
    return to_unit @ _TURNED.get(rotation % 360, _TURNED[0]) @ from_unit


def _box(array: Array) -> Box | None:
    try:
        a, b, c, d = (float(edge) for edge in array)
    except (TypeError, ValueError):
        return None
    return _if_any((min(a, c), min(b, d), max(a, c), max(b, d)))


def _common(one: Box, other: Box) -> Box | None:
    low = (max(one[0], other[0]), max(one[1], other[1]))
    return _if_any((*low, min(one[2], other[2]), min(one[3], other[3])))


def _if_any(box: Box) -> Box | None:
    return box if box[0] < box[2] and box[1] < box[3] else None
