"""Places on a page where ink stands that no word covers, found on a small copy of it.

Rules and what is dark over more than a letter's size are none: frames, bars, photographs' shadows.
What is left is looked at closely, see ``letters``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from fanfold.model import Box
from fanfold.ocr.picture import blobs, contrast, ink

_STRENGTH = 0.2
"""Minimum of what ink stands out by, as share of the page's strongest: what shows through from
behind has less."""

FAINT = 0.05
"""The same of ink that counts only if it can be read: carbon copies, pencil beside print."""

_AROUND_WORDS = 2
"""Pixels of the small copy around a word's box that belong to its letters."""

_THICK = 4
"""Pixels of the small copy from which ink is too thick for a rule."""

_RULE = re.compile(b"\xff{22,}")
"""Unbroken thin ink for nearly half an inch."""

_PLACE_REACH = 7, 5
"""Pixels across and down over which ink is taken for one place: words of a line, and lines."""

_SMALLEST = 9, 3
"""Minimum of pixels across and down, or down and across, of a place with a short word."""

_PLACE_INK = 10
"""Minimum of pixels with ink in a place."""


def find(small: Image.Image, known: Iterable[Box], strength: float = _STRENGTH) -> list[Box]:
    """Return places with ink that none of the boxes ``known`` covers, largest last.

    ``strength`` is the minimum by which ink stands out, as share of the page's strongest.
    ``small`` is a picture of one or more channels at ink.SMALL_DPI or some more; all boxes are
    in its pixels.
    """
    mask = _without(_inked(small, strength), known)
    mask = ImageChops.subtract(mask, _rules(mask))
    wide, high = _PLACE_REACH
    joined = mask.filter(ImageFilter.BoxBlur((wide / 2, high / 2))).point(lambda v: 255 * (v > 0))
    found = [_shrunk(mask, blob.box) for blob in blobs.of(joined)]
    return sorted((box for box in found if box), key=lambda box: box.width * box.height)


def _inked(small: Image.Image, strength: float) -> Image.Image:
    """Return 255 where some channel stands out from the paper around."""
    channels = zip(small.split(), contrast.distances(small, ink.SMALL_DPI), strict=True)
    return reduce(ImageChops.lighter, (_mask(*pair, strength) for pair in channels))


def _mask(channel: Image.Image, far: Image.Image, strength: float) -> Image.Image:
    floor = max(contrast.least(channel), strength * contrast.strength(far))
    return far.point(lambda level: 255 * (level >= floor))


def _without(mask: Image.Image, known: Iterable[Box]) -> Image.Image:
    pen = ImageDraw.Draw(mask)
    for box in known:
        outer = box.grown(_AROUND_WORDS)
        if outer.x1 > 0 and outer.y1 > 0 and outer.x0 < mask.width and outer.y0 < mask.height:
            pen.rectangle((outer.x0, outer.y0, outer.x1, outer.y1), fill=0)
    return mask


def _rules(mask: Image.Image) -> Image.Image:
    """Return 255 where thin ink runs across or down without a break."""
    across = _along(mask)
    turn, back = Image.Transpose.TRANSPOSE, Image.Transpose.TRANSPOSE
    return ImageChops.lighter(across, _along(mask.transpose(turn)).transpose(back))


def _along(mask: Image.Image) -> Image.Image:
    eroded = reduce(ImageChops.darker, (ImageChops.offset(mask, 0, step) for step in range(_THICK)))
    thick = reduce(
        ImageChops.lighter, (ImageChops.offset(eroded, 0, -step) for step in range(_THICK))
    )
    data = bytearray(ImageChops.subtract(mask, thick).tobytes())
    kept = bytearray(len(data))
    width = mask.width
    for y in range(mask.height):
        for run in _RULE.finditer(data, y * width, (y + 1) * width):
            kept[run.start() : run.end()] = b"\xff" * (run.end() - run.start())
    return Image.frombytes("L", mask.size, bytes(kept))


def _shrunk(mask: Image.Image, box: Box) -> Box | None:
    """Return the box of the ink in a place; None where it is too little for a word."""
    left, top = int(box.x0), int(box.y0)
    part = mask.crop((left, top, int(box.x1), int(box.y1)))
    edges = part.getbbox()
    if edges is None or part.histogram()[255] < _PLACE_INK:
        return None
    found = Box(left + edges[0], top + edges[1], left + edges[2], top + edges[3])
    sides = sorted((found.width, found.height))
    return found if sides[0] >= min(_SMALLEST) and sides[1] >= max(_SMALLEST) else None


def spread(boxes: Iterable[Box], factor: float) -> Iterator[Box]:
    """Yield boxes in pixels of a picture that is ``factor`` times as large."""
    yield from (box.scaled(factor) for box in boxes)
