"""A picture's pixels in the few kinds that a PDF has a colour space for."""

from __future__ import annotations

import math
from typing import cast

from PIL import Image, ImageChops, ImageFilter

PLAIN = ("1", "L", "RGB", "CMYK")
"""Modes of Pillow's that a PDF has a colour space for."""

_BIG_ENDIAN = "I;16B"
_DEEP = {"I;16": 65535, "I;16L": 65535, _BIG_ENDIAN: 65535, "I": 65535, "F": 255}
"""Modes of more than 256 levels, and the highest level that is usual for each."""

_LOOKED_AT, _SURROUNDINGS, _DIFFERENT = 1000, 2, 24
"""Pixels along the longer side of a picture whose transparency is judged, pixels around one that it
is compared with, and by how many grey levels it must differ."""

_OPAQUE, _HARDLY_THERE = 255, 16
"""Levels of a transparency that hides nothing, and of one that leaves nothing to be seen on any
ground: no picture was meant that way, so it does not count."""

_MORE = 1.3
"""How much more another ground than white must show to be taken."""


def plain(image: Image.Image) -> Image.Image:
    """Return ``image`` as bilevel, grey, RGB or CMYK, on paper where it was transparent."""
    if image.has_transparency_data:
        return _on_paper(image.convert("RGBA"))
    if image.mode in _DEEP:
        return _shallow(image)
    return image if image.mode in PLAIN else image.convert("RGB")


def _shallow(image: Image.Image) -> Image.Image:
    """Return a picture of many levels in 256 of them.

    Its darkest is made black and its lightest white where it uses less than half of its levels:
    12 bits within 16, say, or numbers from 0 to 1.
    """
    whole = _DEEP[image.mode]
    if image.mode == _BIG_ENDIAN:  # of which Pillow knows next to nothing
        image = image.convert("I")
    low, high = cast("tuple[float, float]", image.getextrema())
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return Image.new("L", image.size, 255)
    if low >= 0 and whole / 2 < high <= whole:
        low, high = 0, whole
    factor = 255 / (high - low)
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * factor - low * factor).convert("L")
    return image.convert("F").point(lambda value: value * factor - low * factor).convert("L")


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return a picture with transparency on white; on that ground which shows more of it.

    Light letters cannot be seen on white, nor dark ones on black; where it has both, it is grey.
    The grounds are compared on a small copy: three large ones would take a function's memory.
    """
    least, most = cast("tuple[int, int]", picture.getchannel("A").getextrema())
    if least == most == _OPAQUE or most <= _HARDLY_THERE:
        return picture.convert("RGB")
    small = picture.reduce(max(1, max(picture.size) // _LOOKED_AT))
    seen = {ground: _edges(_flat(small, ground)) for ground in ("white", "black", "grey")}
    best = max(seen, key=lambda ground: seen[ground])
    return _flat(picture, best if seen[best] > _MORE * seen["white"] else "white")


def _flat(picture: Image.Image, ground: str) -> Image.Image:
    paper = Image.new("RGB", picture.size, ground)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _edges(small: Image.Image) -> int:
    """Return how many pixels of a picture differ much from those around them."""
    grey = small.convert("L")
    around = grey.filter(ImageFilter.BoxBlur(_SURROUNDINGS))
    return sum(ImageChops.difference(grey, around).histogram()[_DIFFERENT:])
