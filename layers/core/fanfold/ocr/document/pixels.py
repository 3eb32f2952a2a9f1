"""A picture's pixels in the few kinds that a PDF has a colour space for."""

from __future__ import annotations

from PIL import Image

PLAIN = ("1", "L", "RGB", "CMYK")
"""Modes of Pillow's that a PDF has a colour space for."""


def plain(image: Image.Image) -> Image.Image:
    """Return ``image`` as bilevel, grey, RGB or CMYK, on white where it was transparent."""
    if image.has_transparency_data:
        opaque = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(opaque, mask=opaque.getchannel("A"))
        return paper
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    return image if image.mode in PLAIN else image.convert("RGB")
