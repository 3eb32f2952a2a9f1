"""Spots of ink on a black-and-white picture: what hangs together, straight or across a corner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageOps

from fanfold.model import Box

_INK = re.compile(b"\xff")


class Blob(NamedTuple):
    """The box of a spot, in pixels, and how many of them are ink."""

    box: Box
    area: int

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.box.width

    @property
    def height(self) -> float:
        """Pixels down."""
        return self.box.height

    @property
    def x(self) -> float:
        """Its middle."""
        return self.box.middle_x

    @property
    def y(self) -> float:
        """Its middle."""
        return self.box.middle_y

    def moved(self, right: float, down: float) -> Blob:
        """Return it so many pixels further on."""
        x0, y0, x1, y1 = self.box.x0, self.box.y0, self.box.x1, self.box.y1
        return self._replace(box=Box(x0 + right, y0 + down, x1 + right, y1 + down))


def of(picture: Image.Image) -> Iterator[Blob]:
    """Yield the spots of 255 in a grey picture: some microseconds for each of their pixels."""
    framed = ImageOps.expand(picture, 1)
    width = framed.width
    around = [down * width + right for down in (-1, 0, 1) for right in (-1, 0, 1)]
    left = {found.start() for found in _INK.finditer(framed.tobytes())}
    while left:
        reached = [left.pop()]
        for pixel in reached:  # grows
            near = left.intersection([pixel + step for step in around])
            left -= near
            reached.extend(near)
        ys, xs = zip(*(divmod(pixel, width) for pixel in reached), strict=True)
        yield Blob(Box(min(xs) - 1, min(ys) - 1, max(xs), max(ys)), len(reached))
