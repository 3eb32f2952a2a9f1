"""Find long straight lines on a drawing: the rules of tables and forms, frames, underlines.

A rule is dark in every block of a tenth of an inch along it, for half an inch or more, and thin:
no letter and no word is. Pillow alone finds them: blocks are averages of a black-and-white copy,
runs of blocks are found by a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter

_BLOCKS = 10
"""Blocks per inch along a rule."""

_MINIMUM_BLOCKS = 5
"""Minimum of blocks along a rule."""

_MINIMUM_DARKNESS = 230
"""Minimum mean darkness of a rule's block, of 255."""

_THICKEST = 16
"""The maximum thickness of a rule is an inch divided by that; bars and pictures are thicker."""

_MINIMUM_LEVELS = 40
"""Minimum of grey levels by which a rule is darker than the paper around it."""

_BRIGHTNESS_AROUND = 0.25
"""Inches around a pixel from which the paper's brightness is taken."""

_SHRUNK_DPI = 50
"""Resolution of the copy that the paper's brightness is taken from."""

_CHAIN = re.compile(b"[\x0c-\xff]{25,}")
"""Half an inch of unbroken ink, however faint."""


class Rule(NamedTuple):
    """A rule in pixels: where it lies across its direction, and from where to where it runs."""

    at: float
    start: int
    end: int


class Rules(NamedTuple):
    """Rules that run across, from the top down, and those that run down, from the left."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


def likely(ink: Image.Image) -> bool:
    """Whether a small picture of ink may hold rules that meet: a millisecond on every page."""
    crossing = ink.tobytes(), ink.transpose(Image.Transpose.TRANSPOSE).tobytes()
    return all(map(_CHAIN.search, crossing))


def find(picture: Image.Image, dpi: int) -> Rules:
    """Find the rules on a grey picture whose lines are straight to within half a degree."""
    dark = _dark(picture, dpi)
    return Rules(
        tuple(_along(dark, dpi)),
        tuple(_along(dark.transpose(Image.Transpose.TRANSPOSE), dpi)),
    )


def _dark(picture: Image.Image, dpi: int) -> Image.Image:
    coarse = max(1, dpi // _SHRUNK_DPI)
    small = picture.reduce(coarse).filter(ImageFilter.BoxBlur(_BRIGHTNESS_AROUND * dpi / coarse))
    paper = small.resize(picture.size, Image.Resampling.NEAREST)
    return ImageChops.subtract(paper, picture).point(lambda level: 255 * (level >= _MINIMUM_LEVELS))


def _along(dark: Image.Image, dpi: int) -> Iterator[Rule]:
    """Yield the rules of a black-and-white picture that run across."""
    block, most = max(2, dpi // _BLOCKS), max(3, dpi // _THICKEST)
    # A slanting rule leaves a row within a block: its neighbours count, too.
    solid = (
        _widened(dark).reduce((block, 1)).point(lambda level: 255 * (level >= _MINIMUM_DARKNESS))
    )
    thick = dark.reduce((block, most)).point(lambda level: 255 * (level >= _MINIMUM_DARKNESS))
    tall = solid.width, thick.height * most
    bars = thick.filter(ImageFilter.MaxFilter(3)).resize(tall, Image.Resampling.NEAREST)
    bars = bars.crop((0, 0, *solid.size))
    thin = _widened(ImageChops.subtract(solid, bars))
    pattern = re.compile(b"\xff{%d,}" % _MINIMUM_BLOCKS)
    data, width = thin.tobytes(), thin.width
    runs = (
        (y, run.start() - y * width, run.end() - y * width)
        for y in range(thin.height)
        for run in pattern.finditer(data, y * width, (y + 1) * width)
    )
    for rows, start, end in _gathered(runs):
        yield Rule(sum(rows) / len(rows), start * block, min(end * block, dark.width))


def _widened(picture: Image.Image) -> Image.Image:
    """Return a picture in which a pixel is as dark as the darkest of it, above and below."""
    up, down = (ImageChops.offset(picture, 0, step) for step in (-1, 1))
    return ImageChops.lighter(ImageChops.lighter(up, down), picture)


def _gathered(runs: Iterator[tuple[int, int, int]]) -> Iterator[tuple[list[int], int, int]]:
    """Yield runs of neighbouring rows that overlap as one: its rows, start and end."""
    growing: list[tuple[list[int], int, int]] = []
    for y, start, end in runs:
        ended = [one for one in growing if one[0][-1] < y - 1]
        yield from ended
        growing = [one for one in growing if one[0][-1] >= y - 1]
        for place, (rows, first, last) in enumerate(growing):
            if start < last and first < end:
                rows.append(y)
                growing[place] = rows, min(first, start), max(last, end)
                break
        else:
            growing.append(([y], start, end))
    yield from growing
