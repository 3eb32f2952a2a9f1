"""Pictures of ruled tables and forms, with what is written in their cells."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from tests.data import pictures

RULE = 3
"""Pixels."""


def table(
    rows: Sequence[Sequence[str]],
    *,
    column: int = 300,
    row: int = 80,
    size: tuple[int, int] = (1400, 1000),
    ruled: Sequence[int] | None = None,
    sides: bool = True,
    shade: Sequence[tuple[int, int]] = (),
) -> Image.Image:
    """Draw a table at (100, 200): rules across above the rows ``ruled`` (all) and below the last.

    ``sides`` draws the outer rules down, too; ``shade`` greys cells.
    """
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    columns = len(rows[0])
    right, bottom = 100 + columns * column, 200 + len(rows) * row
    for r, c in shade:
        left, top = 100 + c * column, 200 + r * row
        pen.rectangle((left, top, left + column, top + row), fill=170)
    for r in [*(range(len(rows)) if ruled is None else ruled), len(rows)]:
        pen.rectangle((100, 200 + r * row, right, 200 + r * row + RULE), fill=0)
    for c in range(0 if sides else 1, columns + (1 if sides else 0)):
        pen.rectangle((100 + c * column, 200, 100 + c * column + RULE, bottom), fill=0)
    for r, texts in enumerate(rows):
        for c, text in enumerate(texts):
            pen.text((130 + c * column, 220 + r * row), text, font=pictures.FONT, fill=0)
    return page
