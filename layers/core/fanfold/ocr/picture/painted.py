"""A drawing without the words that are known: what is left of it can be read alone."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import ImageDraw

from fanfold.model import Box
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.drawing import Drawing

_WHITE = 255
_MARGIN = 1
"""Pixels around a word's box that belong to its letters."""


def painted_out(drawing: Drawing, known: Iterable[Box]) -> Drawing | None:
    """Return a drawing without what is in the boxes ``known``, in its pixels; None without rest."""
    image = drawing.image.copy()
    pen = ImageDraw.Draw(image)
    for box in known:
        outer = box.grown(_MARGIN)
        pen.rectangle((outer.x0, outer.y0, outer.x1, outer.y1), fill=_WHITE)
    return None if ink.none(ink.measure(image, drawing.dpi)) else drawing.showing(image)
