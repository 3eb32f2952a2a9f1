"""What a picture of one line says, by the second model of PP-OCRv6.

It goes along the line and says of each place which sign is likeliest there: a sign is said in
several places on end, and between signs there is none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PIL import Image

from fanfold.ocr.recognise.neural.detection import normalised
from fanfold.ocr.recognise.neural.models import Models

_HEIGHT = 48
"""Pixels of a line's height as the model sees it."""

_NARROWEST, _WIDEST = 96, 3200
"""Minimum and maximum of its width: what is shorter is filled up, what is longer is pressed."""

_FILLING = 127
"""Grey beside a short line."""


class Character(NamedTuple):
    """A sign, how likely it is (0 to 1), and where it is in the line's width (0 to 1)."""

    sign: str
    likely: float
    place: float


def read(line: Image.Image, models: Models) -> list[Character]:
    """Return the characters of a grey picture of one line, spaces among them; raise CannotRun."""
    width = min(_WIDEST, max(1, round(line.width * _HEIGHT / line.height)))
    small = line.resize((width, _HEIGHT), Image.Resampling.BILINEAR)
    seen = Image.new("L", (max(width, _NARROWEST), _HEIGHT), _FILLING)
    seen.paste(small)
    numbers, likely = models.recognition.run(normalised(seen), (1, 3, _HEIGHT, seen.width))
    count = numbers.shape[1]
    said = zip(
        struct.unpack(f"<{count}q", numbers.data),
        struct.unpack(f"<{count}f", likely.data),
        strict=True,
    )
    return list(_signs(list(said), models.signs, seen.width / width))


def _signs(
    said: Sequence[tuple[int, float]], signs: Sequence[str], stretch: float
) -> Iterator[Character]:
    """Yield a character for each run of the same number but 0; its surest place counts."""
    before = 0
    best = 0.0, 0.0
    for place, (number, likely) in enumerate([*said, (0, 0.0)]):
        if number != before:
            if before:
                yield Character(signs[before], *best)
            before, best = number, (0.0, 0.0)
        best = max(best, (likely, (place + 0.5) / len(said) * stretch))
