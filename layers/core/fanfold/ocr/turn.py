"""Turn a drawing for the recogniser, and what it read there back to the page as displayed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from fanfold.model import Box
from fanfold.ocr.render import Drawing

_WHITE = 255


class Turn(NamedTuple):
    """A turn around the centre, ``angle`` degrees clockwise, from one size in pixels to another."""

    angle: float
    before: tuple[int, int]
    after: tuple[int, int]

    def undo(self, box: Box) -> Box:
        """Return the smallest upright box around what ``box`` was before the turn."""
        if not self.angle:
            return box
        corners = [self._undo(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = zip(*corners, strict=True)
        width, height = self.before
        return Box(max(0, min(xs)), max(0, min(ys)), min(width, max(xs)), min(height, max(ys)))

    def _undo(self, x: float, y: float) -> tuple[float, float]:
        cosine, sine = _direction(self.angle)
        x, y = x - self.after[0] / 2, y - self.after[1] / 2
        return (
            cosine * x + sine * y + self.before[0] / 2,
            cosine * y - sine * x + self.before[1] / 2,
        )


def turned(drawing: Drawing, angle: float, pixels: int) -> tuple[Drawing, Turn]:
    """Return ``drawing`` turned clockwise by ``angle`` degrees, with room for its corners.

    Only the middle is left where that makes more than ``pixels``, for which there is no memory;
    what is lost are corners beyond the paper that was drawn, and next to nothing of it.
    """
    size = drawing.width, drawing.height
    if not angle:
        return drawing, Turn(0.0, size, size)
    path = drawing.path.with_name(f"turned{round(angle * 1000)}.pgm")
    with Image.open(drawing.path, formats=["PPM"]) as image:
        upright = image.rotate(
            -angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=_WHITE
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


def turn_back(layer: Path, turn: Turn) -> None:
    """Turn the page of a text layer that was read from a turned drawing."""
    import pikepdf  # noqa: PLC0415 (15 MB that most pages do not need)

    with pikepdf.open(layer, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        scale = (right - left) / turn.after[0]
        cosine, sine = _direction(turn.angle)
        middle = (left + right) / 2, (bottom + top) / 2
        centre = turn.before[0] * scale / 2, turn.before[1] * scale / 2
        matrix = pikepdf.Matrix(
            cosine,
            sine,
            -sine,
            cosine,
            centre[0] - cosine * middle[0] + sine * middle[1],
            centre[1] - sine * middle[0] - cosine * middle[1],
        )
        page.contents_add(b"q %s cm\n" % matrix.encode(), prepend=True)
        page.contents_add(b"\nQ\n")
        page.mediabox = pikepdf.Array([0, 0, 2 * centre[0], 2 * centre[1]])
        pdf.save(layer)


def _direction(angle: float) -> tuple[float, float]:
    radians = math.radians(angle)
    return math.cos(radians), math.sin(radians)
