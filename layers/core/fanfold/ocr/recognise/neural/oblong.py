"""The smallest rectangle around points, whichever way it lies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from fanfold.model import Box

Point = tuple[float, float]


class Oblong(NamedTuple):
    """A rectangle that may be tilted, by ``angle`` in radians: its lower edge falls to the right.

    ``width`` is that of the side that is nearer to the horizontal.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float

    def grown(self, margin: float) -> Oblong:
        """Return it with each edge moved outwards."""
        return self._replace(width=self.width + 2 * margin, height=self.height + 2 * margin)

    def stretched(self, across: float, down: float) -> Oblong:
        """Return it on a picture that is so many times as wide and as high, nearly the same."""
        sides = self.width * across, self.height * down
        return Oblong(self.x * across, self.y * down, *sides, self.angle)

    def corners(self) -> list[Point]:
        """Return its corners, clockwise from the upper left one."""
        width, height = self.width, self.height
        return [self.point(*one) for one in ((0, 0), (width, 0), (width, height), (0, height))]

    def point(self, right: float, down: float) -> Point:
        """Return the place of a point so far from its upper left corner along its sides."""
        across, below = right - self.width / 2, down - self.height / 2
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return self.x + across * cos - below * sin, self.y + across * sin + below * cos

    def around(self, part: Box) -> Box:
        """Return the upright box around a part of it, given as ``point`` takes places."""
        corners = [self.point(x, y) for x in (part.x0, part.x1) for y in (part.y0, part.y1)]
        return Box.around(Box(x, y, x, y) for x, y in corners)


def around(points: Iterable[Point]) -> Oblong:
    """Return the smallest one around at least one point."""
    hull = _hull(sorted(set(points)))
    edges = list(pairwise([*hull, hull[0]])) or [(hull[0], hull[0])]
    return min((_along(hull, a, b) for a, b in edges), key=lambda one: one.width * one.height)


def _along(hull: Sequence[Point], a: Point, b: Point) -> Oblong:
    """Return the rectangle around a hull with a side along an edge of it."""
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    angle -= round(angle / (math.pi / 2)) * math.pi / 2
    cos, sin = math.cos(angle), math.sin(angle)
    across = [x * cos + y * sin for x, y in hull]
    down = [y * cos - x * sin for x, y in hull]
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    u, v = (left + right) / 2, (top + bottom) / 2
    return Oblong(u * cos - v * sin, u * sin + v * cos, right - left, bottom - top, angle)


def _hull(points: Sequence[Point]) -> list[Point]:
    """Return the corners of what a rubber band around sorted points would be."""
    lower, upper = _half(points), _half(points[::-1])
    return [*lower[:-1], *upper[:-1]] or list(points[:1])


def _half(points: Iterable[Point]) -> list[Point]:
    half: list[Point] = []
    for x, y in points:
        while len(half) > 1:
            (ax, ay), (bx, by) = half[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            half.pop()
        half.append((x, y))
    return half
