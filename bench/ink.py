"""Where ink stands on a drawn page, by the bench's own projection: no code of the engine's.

Boxes are in points of the page as it lies when its lines run across.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from fanfold.model import Box

_DPI = 144
_PIXELS = _DPI / 72
"""Pixels of a point."""

_AROUND = 12
"""Pixels around a place that its paper's brightness is taken from."""

_DARKER = 40
"""Minimum of grey levels by which ink is darker than the paper around it."""

_NIGHT = 96
"""Pages whose middle grey is below that have light letters."""

_SPECKS = 0.005
"""Maximum share of a strip's height that is dark where nothing stands."""

_RULE = 0.8
"""Minimum share of a strip's height that is dark where a rule runs down."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ink:
    """A page's ink as a picture: 255 where there is some."""

    picture: Image.Image

    @classmethod
    def of(cls, image: Image.Image, angle: float = 0.0) -> Ink:
        """Find the ink of a picture at 144 dpi, turned clockwise by ``angle`` degrees."""
        grey = image.convert("L")
        paper = round(ImageStat.Stat(grey).median[0])
        grey = ImageOps.invert(grey) if paper < _NIGHT else grey
        if angle:
            fill = max(paper, 255 - paper)
            grey = grey.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)
        around = grey.filter(ImageFilter.BoxBlur(_AROUND))
        return cls(ImageChops.subtract(around, grey).point(lambda level: 255 * (level > _DARKER)))

    def spans(self, place: Box, gutter: float) -> list[Span]:
        """Return where ink stands across ``place``, parted by strips ``gutter`` wide or wider.

        A rule that runs down parts what stands on its sides as white does.
        """
        left, top = round(place.x0 * _PIXELS), round(place.y0 * _PIXELS)
        right = max(left + 1, round(place.x1 * _PIXELS))
        bottom = max(top + 1, round(place.y1 * _PIXELS))
        part = self.picture.crop((left, top, right, bottom))
        levels = part.resize((part.width, 1), Image.Resampling.BOX).tobytes()
        least, most = 255 * max(_SPECKS, 1 / part.height), 255 * _RULE
        filled = [least < level < most for level in levels]
        found: list[Span] = []
        for dark, places in groupby(range(part.width), key=filled.__getitem__):
            across = list(places)
            if not dark:
                continue
            start, end = (left + across[0]) / _PIXELS, (left + across[-1] + 1) / _PIXELS
            if found and start - found[-1][1] < gutter:
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
        return found


def drawn(page: Path, angle: float, folder: Path) -> Ink:
    """Draw a page of a PDF and find its ink once it is turned clockwise by ``angle`` degrees."""
    base = folder / "ink"
    command = ["pdftoppm", "-cropbox", "-gray", "-r", str(_DPI), "-singlefile", page, base]
    subprocess.run(command, check=True, capture_output=True)
    with Image.open(base.with_suffix(".pgm")) as picture:
        return Ink.of(picture, angle)
