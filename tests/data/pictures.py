"""Pictures of pages, drawn so that they look like scans and are the same every time."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFont

DPI = 200
A4 = (1654, 2339)
"""A4 in pixels at DPI."""
A5 = (1165, 1654)
MARGIN = 170
FONT = ImageFont.load_default(36)
"""Pillow's own font: 36 pixels are 13 points at DPI. No font of the system is needed."""
LINE_HEIGHT = 54


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and its ink's box in pixels, origin at the top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def place(text: str, size: tuple[int, int]) -> Iterator[Placed]:
    """Set ``text`` in the margins of a page; newlines break lines."""
    y = MARGIN
    for paragraph in text.split("\n"):
        x = float(MARGIN)
        for word in paragraph.split():
            if x + FONT.getlength(word) > size[0] - MARGIN:
                x, y = float(MARGIN), y + LINE_HEIGHT
            left, top, right, bottom = FONT.getbbox(word)
            yield Placed(word, x + left, y + top, x + right, y + bottom)
            x += FONT.getlength(word + " ")
        y += LINE_HEIGHT


def page(text: str, size: tuple[int, int] = A4) -> Image.Image:
    """Draw ``text`` in black on white, grey scale, without noise."""
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for word in place(text, size):
        left, top, _, _ = FONT.getbbox(word.text)
        pen.text((word.x0 - left, word.y0 - top), word.text, fill=0, font=FONT)
    return image


def scan(text: str, size: tuple[int, int] = A4) -> Image.Image:
    """Draw ``text`` as a scanner would see it: grey paper with a fixed, coarse noise."""
    small = (size[0] // 4, size[1] // 4)
    grain = random.Random(text).randbytes(small[0] * small[1])
    noise = Image.frombytes("L", small, grain).point([level // 11 for level in range(256)])
    return ImageChops.subtract(page(text, size), noise.resize(size, Image.Resampling.BILINEAR))


def bilevel(text: str, size: tuple[int, int] = A5) -> Image.Image:
    """Draw ``text`` as a fax would see it: black or white."""
    return page(text, size).point(lambda level: 255 * (level > 128)).convert("1")


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """Write ``image`` as ``kind`` (Pillow's name of the format) at DPI."""
    buffer = io.BytesIO()
    image.save(buffer, kind, dpi=(DPI, DPI), **options)
    return buffer.getvalue()
