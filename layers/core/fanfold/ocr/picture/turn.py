"""Turn a drawing for the recogniser, and what it read there back to the page as displayed."""

from __future__ import annotations

import math
from typing import NamedTuple

from PIL import Image, ImageStat

from fanfold.model import Box
from fanfold.ocr.picture.render import Drawing


class Turn(NamedTuple):
    """A turn around the centre, ``angle`` degrees clockwise, from one size to another."""

    angle: float
    before: tuple[float, float]
    after: tuple[float, float]

    def undo(self, box: Box) -> Box:
        """Return the smallest upright box around what ``box`` was before the turn."""
        if not self.angle:
            return box
        corners = [self.undone(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = zip(*corners, strict=True)
        width, height = self.before
        return Box(max(0, min(xs)), max(0, min(ys)), min(width, max(xs)), min(height, max(ys)))

    def undone(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point was before the turn."""
        cosine, sine = _direction(self.angle)
        x, y = x - self.after[0] / 2, y - self.after[1] / 2
        return (
            cosine * x + sine * y + self.before[0] / 2,
            cosine * y - sine * x + self.before[1] / 2,
        )


def turned(drawing: Drawing, angle: float, pixels: int) -> tuple[Drawing, Turn]:
    """Return ``drawing`` turned clockwise by ``angle`` degrees, with room for its corners.

    Only the middle is left where that makes more than ``pixels``, for which there is no memory;
    what is lost are corners beyond the paper that was drawn, and next to nothing of it. The corners
    are as light as most of the picture: white ones make a recogniser take grey paper for ink.
    """
    size = drawing.width, drawing.height
    if not angle:
        return drawing, Turn(0.0, size, size)
    path = drawing.path.with_name(f"turned{round(angle * 1000)}.pgm")
    with Image.open(drawing.path, formats=["PPM"]) as image:
        paper = ImageStat.Stat(image).median[0]
        upright = image.rotate(
            -angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=paper
        )
    upright = _within(upright, pixels)
    upright.save(path)
    return Drawing(path, drawing.dpi, *upright.size), Turn(angle, size, upright.size)


def _within(image: Image.Image, pixels: int) -> Image.Image:
    """Return the middle of a picture with at most so many pixels."""
    factor = math.sqrt(pixels / (image.width * image.height))
    if factor >= 1:
        return image
    width, height = int(image.width * factor), int(image.height * factor)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _direction(angle: float) -> tuple[float, float]:
    radians = math.radians(angle)
    return math.cos(radians), math.sin(radians)
