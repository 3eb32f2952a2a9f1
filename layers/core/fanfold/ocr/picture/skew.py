"""How a page lies: the slope of its lines, measured on its ink, and whether they run down.

The ink of each row of pixels is summed up. Where rows run along the lines of text, sums change
sharply from line to gap; the slope at which they change the most is the lines' own (Postl's
projection profile). leptonica's own way gives up beyond 5 degrees.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from PIL import Image

MAXIMUM_SKEW = 16.0
"""Maximum of degrees that skew is looked for; a page that is turned further counts as level."""

_ANGLE_STEPS = (2.0, 0.5, 0.125)
"""Degrees, from a coarse look over all angles to the result's precision."""

_MINIMUM_LYING = 1.5
"""Minimum ratio of the sharpness of columns to that of rows where lines run up or down the page."""


class Lie(NamedTuple):
    """How the lines of a page run.

    ``lying`` says that they seem to run up or down the page. ``across`` and ``down`` are the
    degrees clockwise to turn the page by, so that lines that run so become straight.
    """

    lying: bool
    across: float
    down: float


def measure(ink: Image.Image) -> Lie:
    """Measure a picture of ``ink``."""
    across, down = _best(ink), _best(ink.transpose(Image.Transpose.ROTATE_90))
    return Lie(down.sharpness > _MINIMUM_LYING * across.sharpness, across.angle, down.angle)


class _Peak(NamedTuple):
    sharpness: float
    angle: float


def _best(ink: Image.Image) -> _Peak:
    middle, reach = 0.0, MAXIMUM_SKEW
    for step in _ANGLE_STEPS:
        count = round(reach / step)
        angles = [middle + step * n for n in range(-count, count + 1)]
        peaks = [_Peak(_sharpness(ink, angle), angle) for angle in angles]
        peak = max(peaks, key=lambda peak: (peak.sharpness, -abs(peak.angle)))
        middle, reach = peak.angle, step
    return peak


def _sharpness(ink: Image.Image, angle: float) -> float:
    turned = ink.rotate(-angle, resample=Image.Resampling.NEAREST)
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return float(sum((a - b) ** 2 for a, b in pairwise(rows)))
