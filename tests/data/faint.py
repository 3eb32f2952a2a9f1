"""Pages whose print hardly stands out: faint, grainy, or of a colour as bright as the paper."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.data import pictures, prose

STAMP = "RECEIVED"

_UNIFORM = 73.9
"""Deviation of bytes by chance."""


def noise(size: tuple[int, int], deviation: float) -> Image.Image:
    """Return grain around a level of 128, the same every time: nearly normal."""
    chance = random.Random(f"{size} {deviation}")
    pixels = size[0] * size[1]
    one, two, three, four = (Image.frombytes("L", size, chance.randbytes(pixels)) for _ in "1234")
    grain = Image.blend(Image.blend(one, two, 0.5), Image.blend(three, four, 0.5), 0.5)
    factor = 2 * deviation / _UNIFORM
    return grain.point(lambda level: round(128 + (level - 127.5) * factor))


def page(
    text: str,
    paper: int,
    contrast: int,
    deviation: float = 0.0,
    size: tuple[int, int] = pictures.A5,
) -> Image.Image:
    """Draw ``text`` darker than a grey ``paper`` by so many levels, with noise."""
    drawn = pictures.page(text, size).point(lambda level: paper - contrast + level * contrast / 255)
    if not deviation:
        return drawn
    return ImageChops.add(drawn, noise(size, deviation), offset=-128)


def coloured(text: str, ink: str, paper: str, size: tuple[int, int] = pictures.A5) -> Image.Image:
    """Draw ``text`` in a colour on paper of another one."""
    mask = pictures.page(text, size)
    return Image.composite(Image.new("RGB", size, paper), Image.new("RGB", size, ink), mask)


def stamped(colour: str, place: tuple[int, int] = (200, 160), height: int = 110) -> Image.Image:
    """Draw a notice with a stamp of letters so many pixels high that lets through what is under it.

    ``place`` is the stamp's upper left corner.
    """
    page = pictures.page(prose.NOTICE, pictures.A5).convert("RGB")
    stamp = Image.new("RGB", page.size, "white")
    font = ImageFont.load_default(height)
    ImageDraw.Draw(stamp).text(place, STAMP, fill=colour, font=font)
    return ImageChops.multiply(page, stamp)
