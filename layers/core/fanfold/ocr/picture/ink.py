"""The ink on a drawn page: what is darker than the paper around it, as a small picture."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from fanfold.model import Box

SMALL_DPI = 50
"""Lines of text stay apart, and a look at all of it costs less than a millisecond."""

_PAPER_DPI = 4
"""The paper's own brightness is taken from surroundings of a quarter of an inch."""

_PAPER_NOISE = 24
"""Maximum of grey levels darker than the paper around it that do not count as ink yet."""

FAINT_INK = 24
"""Minimum ink of a letter's pixel, in the same levels: strokes of small print are thin."""

_BLANK_PAGE_INK = 32
"""Minimum ink of a pixel that tells a page from a blank one."""

TILE = 6
"""Pixels of the small picture: an eighth of an inch, a line of print."""

_TEXT_SHARES = (16, 191)
"""Minimum and maximum of how much of a tile with text is dark, of 255."""

_MARGIN = 1
_BEYOND = 1_000_000
_MINIMUM_PIXELS = 6
"""Minimum of such pixels on a page that is not blank: a digit of 8 points has more."""


def of(picture: Image.Image, dpi: int) -> Image.Image:
    """Return a small copy of a grey picture, at some 50 dpi: how much ink there is in each place.

    Where nothing is darker than what is around it, that is what is lighter: light letters on a
    dark or coloured page.
    """
    dark = measure(picture, dpi)
    return measure(ImageChops.invert(picture), dpi) if none(dark) else dark


def measure(picture: Image.Image, dpi: int) -> Image.Image:
    """Return how much ink, darker than what is around it, a grey picture has in each place."""
    small = picture.reduce(max(1, dpi // SMALL_DPI))
    paper = small.filter(ImageFilter.BoxBlur(SMALL_DPI / _PAPER_DPI))
    return ImageChops.subtract(paper, small, offset=-_PAPER_NOISE)


def tiles(ink: Image.Image, boxes: Iterable[Box]) -> list[bool]:
    """Return for each tile of ink that looks like text whether any of ``boxes`` touches it.

    Boxes are in pixels of the small picture. Too much ink is a picture or a bar, too little dust.
    """
    known = Image.new("L", ink.size)
    pen = ImageDraw.Draw(known)
    for box in boxes:
        around = box.grown(_MARGIN)
        corners = (around.x0, around.y0, around.x1, around.y1)
        pen.rectangle([min(max(edge, -_MARGIN), _BEYOND) for edge in corners], fill=255)
    dark = ink.point(lambda level: 255 * (level >= FAINT_INK))
    pairs = zip(dark.reduce(TILE).tobytes(), known.reduce(TILE).tobytes(), strict=True)
    return [touched > 0 for inky, touched in pairs if _TEXT_SHARES[0] <= inky <= _TEXT_SHARES[1]]


def none(ink: Image.Image) -> bool:
    """Whether there is nothing on the page but specks."""
    return sum(ink.histogram()[_BLANK_PAGE_INK:]) < _MINIMUM_PIXELS
