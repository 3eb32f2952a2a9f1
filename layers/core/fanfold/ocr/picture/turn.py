"""Turn a drawing for the recogniser, whose lines must run across."""

from __future__ import annotations

import math

from PIL import Image, ImageStat

from fanfold.geometry import Turn
from fanfold.ocr.picture.drawing import Drawing


def turned(drawing: Drawing, angle: float, pixels: int) -> tuple[Drawing, Turn]:
    """Return ``drawing`` turned clockwise by ``angle`` degrees, with room for its corners.

    Only the middle is left where that makes more than ``pixels``, for which there is no memory;
    what is lost are corners beyond the paper that was drawn, and next to nothing of it. The corners
    are as light as most of the picture: white ones make a recogniser take grey paper for ink.
    """
    if not angle:
        return drawing, Turn.none(drawing.size)
    paper = ImageStat.Stat(drawing.image).median[0]
    upright = drawing.image.rotate(
        -angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=paper
    )
    upright = _within(upright, pixels)
    return drawing.showing(upright), Turn(angle, drawing.size, upright.size)


def _within(image: Image.Image, pixels: int) -> Image.Image:
    """Return the middle of a picture with at most so many pixels."""
    factor = math.sqrt(pixels / (image.width * image.height))
    if factor >= 1:
        return image
    width, height = int(image.width * factor), int(image.height * factor)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))
