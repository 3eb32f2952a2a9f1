"""The turned rectangle that an upright box of a page was drawn around."""

from __future__ import annotations

import math

from fanfold.model import Box, Page

Corner = tuple[float, float]


def corners(box: Box, page: Page) -> list[Corner]:
    """Return the corners of what stands in ``box``, from where its text begins, clockwise.

    Boxes of a page that was turned to be read are the smallest upright ones around what was read,
    so its sides follow from theirs. A box that does not allow that (it was cut off at the page's
    edge) has its own corners.
    """
    along, across = box.width, box.height
    if page.orientation % 180:
        along, across = across, along
    sides = _sides(along, across, math.radians(abs(page.skew)))
    skew = page.skew if sides else 0.0
    length, height = sides or (along, across)
    radians = math.radians(page.orientation + skew)
    right = (math.cos(radians) * length / 2, -math.sin(radians) * length / 2)
    down = (math.sin(radians) * height / 2, math.cos(radians) * height / 2)
    return [
        (box.middle_x + x * right[0] + y * down[0], box.middle_y + x * right[1] + y * down[1])
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def _sides(along: float, across: float, angle: float) -> tuple[float, float] | None:
    """Return the sides of a rectangle that lies in a box at an angle of less than 45 degrees."""
    cosine, sine = math.cos(angle), math.sin(angle)
    of = cosine**2 - sine**2
    sides = (along * cosine - across * sine) / of, (across * cosine - along * sine) / of
    return sides if min(sides) > 0 else None
