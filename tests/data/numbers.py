"""Pictures of dense tables of numbers, as statistics print them, and what they say."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.data.pictures import Placed


def table(
    seed: int, *, rows: int = 40, columns: int = 10, height: int = 16, noise: int = 0
) -> tuple[Image.Image, tuple[Placed, ...]]:
    """Draw rows of numbers with one decimal in type ``height`` pixels high, and return its words.

    A year stands before each row. ``noise`` is how many grey levels the paper varies by.
    """
    chance = random.Random(seed)
    font = ImageFont.load_default(height)
    pitch, width = round(1.45 * height), 4 * height
    size = ((columns + 1) * width + 6 * height, (rows + 8) * pitch)
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    words = []
    for row in range(rows):
        texts = [str(1950 + row), *(f"{chance.uniform(1, 999):.1f}" for _ in range(columns))]
        for column, text in enumerate(texts):
            x, y = 3 * height + (column + 1) * width - font.getlength(text), (row + 4) * pitch
            pen.text((x, y), text, font=font, fill=40)
            left, top, right, bottom = font.getbbox(text)
            words.append(Placed(text, x + left, y + top, x + right, y + bottom))
    if noise:
        grain = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
        page = ImageChops.subtract(page, grain.point([n * noise // 255 for n in range(256)]))
    return page, tuple(words)
