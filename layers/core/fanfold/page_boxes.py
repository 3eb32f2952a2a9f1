"""Which part of a PDF page is displayed, and how it is turned.

The answer is poppler's, as read in its PageAttrs and compared with pdfinfo: its drawings and the
places of its words are measured against the page as it displays it. UserUnit does not count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pikepdf import Array, Name, Object

Corners = tuple[float, float, float, float]
"""Left, bottom, right and top edge of a box, in points of the page's own space."""

Matrix = tuple[float, float, float, float, float, float]

_LETTER_PAPER: Corners = (0.0, 0.0, 612.0, 792.0)
"""What a page without a usable media box is taken for."""

_EDGES = 4
_NUMBER_TYPES = (int, Decimal)  # what pikepdf makes of numbers; a boolean is none
_ROTATIONS = (0, 90, 180, 270)
_MAXIMUM_ROTATION = 2**31 - 1
"""Maximum of a /Rotate, either way, that still counts as a number."""


class Displayed(NamedTuple):
    """The part of a page that is displayed, and by how many degrees it is turned clockwise.

    ``box`` is in the page's own space: not yet turned, with its origin at the bottom left.
    """

    box: Corners
    rotation: int

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height after turning, in points."""
        left, bottom, right, top = self.box
        width, height = right - left, top - bottom
        return (height, width) if self.rotation in (90, 270) else (width, height)

    @property
    def has_area(self) -> bool:
        """Whether there is anything to be seen; a crop box beside the media box leaves nothing."""
        return all(0 < side < math.inf for side in self.sides)

    @property
    def matrix(self) -> Matrix:
        """What brings points of the page's own space to where they are displayed, as PDF has it."""
        left, bottom, right, top = self.box
        return {
            0: (1.0, 0.0, 0.0, -1.0, -left, top),
            90: (0.0, 1.0, 1.0, 0.0, -bottom, -left),
            180: (-1.0, 0.0, 0.0, 1.0, right, -bottom),
            270: (0.0, -1.0, -1.0, 0.0, top, right),
        }[self.rotation]

    def place(self, corners: Corners) -> Corners:
        """Return a rectangle of the page as displayed: left, top, right and bottom."""
        a, b, c, d, e, f = self.matrix
        xs = sorted(a * x + c * y + e for x, y in (corners[:2], corners[2:]))
        ys = sorted(b * x + d * y + f for x, y in (corners[:2], corners[2:]))
        return xs[0], ys[0], xs[1], ys[1]


def displayed(page: Object) -> Displayed:
    """Return what is displayed of ``page``, a dictionary that has inherited all it inherits.

    That is the crop box, cut off where it leaves the media box. A side that is longer than the
    media box's is not cut off but becomes the media box's. A box that is not four numbers, or
    all zero, does not count; nor does a rotation that is no multiple of 90.
    """
    media = _corners(page.get(Name.MediaBox)) or _LETTER_PAPER
    crop = _corners(page.get(Name.CropBox)) or media
    left, right = _within(crop[0::2], media[0::2])
    bottom, top = _within(crop[1::2], media[1::2])
    return Displayed((left, bottom, right, top), _rotation(page.get(Name.Rotate)))


def _corners(value: object) -> Corners | None:
    edges: list[object] = list(value) if isinstance(value, Array) else []
    numbers = [float(str(edge)) for edge in edges if type(edge) in _NUMBER_TYPES]
    if len(edges) != _EDGES or len(numbers) != _EDGES or not any(numbers):
        return None
    x0, y0, x1, y1 = numbers
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _within(crop: Sequence[float], media: Sequence[float]) -> tuple[float, float]:
    """Return where a side of the crop box begins and ends, within the media box's."""
    low, high = media
    if crop[1] - crop[0] > high - low:
        return low, high
    begin, end = (min(max(edge, low), high) for edge in crop)
    return begin, end


def _rotation(value: object) -> int:
    if type(value) is not int or abs(value) > _MAXIMUM_ROTATION:
        return 0
    return value % 360 if value % 360 in _ROTATIONS else 0
