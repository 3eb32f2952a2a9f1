"""What a pass may use besides the reading that it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.choice import Second
from fanfold.ocr.recognise.tesseract import Tesseract

Redraw = Callable[[float], Drawing | None]
"""Draws the page so many times as fine as before; None where that cannot be had."""


@dataclass(frozen=True, slots=True)
class Means:
    """What reads further pictures of the page, how many ``pixels`` they may have, and a finer page.

    ``redraw`` gives the page as displayed, not turned, and so is ``all``, which shows also what the
    drawing that is read does not: None where that shows everything; and ``over``, which shows the
    ink of stamps on print alone.
    """

    recogniser: Tesseract
    pixels: int
    redraw: Redraw
    all: Drawing | None = None
    second: Second | None = None
    over: Drawing | None = None
