"""Black print under ink of a bright colour: stamps, markers, underlining.

In grey both are dark, and letters that run into a stamp's are lost. In its largest channel a bright
colour is light, and black stays black; so there the picture is taken for grey.
"""

from __future__ import annotations

from functools import reduce

from PIL import Image, ImageChops, ImageFilter

from fanfold.ocr.picture import ink

_BRIGHT, _COLOURED = 150, 60
"""Minimum of the largest channel in ink that is no black, and of how far it is from the least."""

_BLACK_UNDER = 130
"""Maximum of the largest channel in print, where it is as fine as on the small copy."""

_REACH = 3
"""Pixels of the small copy within which bright ink stands on either side of print under it."""

_TILES_OVERLAID = 4
"""Minimum of tiles with print under bright ink: a word."""

_IN_A_TILE = 12
"""How much of a tile is such print, of 255."""

_COLOURED_PAPER = 0.5
"""Share of the page that is of a bright colour from which that is the paper."""

_STROKE_INCHES = 0.014
"""Half of the width of print's strokes, which part the ink of a stamp's letters."""

_AROUND_INK = 5
"""Pixels of the small copy across and down that are taken with a pixel of bright ink."""


def found(small: Image.Image) -> bool:
    """Whether a small picture in colour has print under bright ink."""
    bright = _bright(small)
    if bright.histogram()[255] > _COLOURED_PAPER * small.width * small.height:
        return False
    under = ImageChops.darker(_between(bright), _black(small))
    tiles = under.reduce(ink.TILE).tobytes()
    return sum(level >= _IN_A_TILE for level in tiles) >= _TILES_OVERLAID


def lightened(picture: Image.Image, factor: int) -> Image.Image:
    """Return a picture in grey, without bright ink; its small copy is ``factor`` times smaller."""
    small = picture.reduce(max(1, factor))
    around = _bright(small).filter(ImageFilter.MaxFilter(_AROUND_INK))
    mask = around.resize(picture.size, Image.Resampling.NEAREST)
    clear = _most(picture).point(lambda level: 255 if level >= _BRIGHT else level)
    return Image.composite(clear, picture.convert("L"), mask)


def over(picture: Image.Image, dpi: int) -> Image.Image:
    """Return the bright ink of a picture alone, black on white; print under it is as if not there.

    ``dpi`` is that of the picture.
    """
    reach = 2 * round(dpi * _STROKE_INCHES) + 1
    closed = _bright(picture).filter(ImageFilter.MaxFilter(reach))
    return ImageChops.invert(closed.filter(ImageFilter.MinFilter(reach)))


def _most(picture: Image.Image) -> Image.Image:
    return reduce(ImageChops.lighter, picture.split())


def _bright(small: Image.Image) -> Image.Image:
    most, least = _most(small), reduce(ImageChops.darker, small.split())
    coloured = ImageChops.subtract(most, least).point(lambda level: 255 * (level >= _COLOURED))
    return ImageChops.darker(coloured, most.point(lambda level: 255 * (level >= _BRIGHT)))


def _black(small: Image.Image) -> Image.Image:
    return _most(small).point(lambda level: 255 * (level <= _BLACK_UNDER))


def _between(bright: Image.Image) -> Image.Image:
    """Return 255 where bright ink stands near on the left and on the right."""
    sides = (
        reduce(ImageChops.lighter, (ImageChops.offset(bright, sign * n, 0) for n in _steps()))
        for sign in (-1, 1)
    )
    return reduce(ImageChops.darker, sides)


def _steps() -> range:
    return range(1, _REACH + 1)
