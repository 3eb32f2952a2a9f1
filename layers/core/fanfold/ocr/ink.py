"""The ink on a drawn page: what is darker than the paper around it, as a small picture."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

from fanfold.ocr.render import Drawing

SMALL_DPI = 50
"""Lines of text stay apart, and a look at all of it costs less than a millisecond."""

_PAPER_DPI = 4
"""The paper's own brightness is taken from surroundings of a quarter of an inch."""

_NOISE = 24
"""Grey levels darker than the paper around it that do not count as ink yet."""

_DARK = 32
_SPECK = 6
"""A page is blank with less than so many pixels that dark: a digit of 8 points has more."""


def of(drawing: Drawing) -> Image.Image:
    """Return a small copy of a drawing at some 50 dpi: how much ink there is in each place."""
    with Image.open(drawing.path, formats=["PPM"]) as picture:
        return measure(picture, drawing.dpi)


def measure(picture: Image.Image, dpi: int) -> Image.Image:
    """Return the same of a grey picture."""
    small = picture.reduce(max(1, dpi // SMALL_DPI))
    paper = small.filter(ImageFilter.BoxBlur(SMALL_DPI / _PAPER_DPI))
    return ImageChops.subtract(paper, small, offset=-_NOISE)


def none(ink: Image.Image) -> bool:
    """Whether there is nothing on the page but specks."""
    return sum(ink.histogram()[_DARK:]) < _SPECK
