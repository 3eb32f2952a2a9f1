"""How a picture was turned, and where things on it were before."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fanfold.model import Box

Size = tuple[float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn around the centre, ``angle`` degrees clockwise, from one size to another."""

    angle: float
    before: Size
    after: Size

    @classmethod
    def none(cls, size: Size) -> Turn:
        """Return the turn of a picture that stays as it is."""
        return cls(0.0, size, size)

    @property
    def inverse(self) -> Turn:
        """The turn that brings everything back."""
        return Turn(-self.angle, self.after, self.before)

    def undo(self, box: Box) -> Box:
        """Return the smallest upright box around what ``box`` was before the turn."""
        if not self.angle:
            return box
        corners = [self.undone(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = zip(*corners, strict=True)
        width, height = self.before
        return Box(max(0, min(xs)), max(0, min(ys)), min(width, max(xs)), min(height, max(ys)))

    def undone(self, x: float, y: float) -> Point:
        """Return where a point was before the turn."""
        radians = math.radians(self.angle)
        cosine, sine = math.cos(radians), math.sin(radians)
        x, y = x - self.after[0] / 2, y - self.after[1] / 2
        return (
            cosine * x + sine * y + self.before[0] / 2,
            cosine * y - sine * x + self.before[1] / 2,
        )
