"""Pages whose print hardly stands out: faint, or of another colour but the same brightness.

What counts is how far ink stands out from the paper around it, measured against the page's own
noise: 14 grey levels on clean paper are print, on grainy paper nothing. Such a page is drawn anew
as its distance from its paper, in that channel in which it is largest, and stretched: black letters
on white for whoever reads it.
"""

from __future__ import annotations

from functools import reduce

from PIL import Image, ImageChops, ImageFilter

from fanfold.ocr.picture import ink
from fanfold.ocr.picture.ink import SMALL_DPI

_PAPER_LEVEL_AROUND = 0.25
"""Inches around a pixel from which the paper's level is taken."""

_FAINTEST = 5.0
"""Minimum of grey levels, on the small copy, by which print stands out from clean paper."""

_MINIMUM_NOISES = 6.0
"""Minimum ratio of print's contrast to the noise's deviation; grain alone reaches 5."""

_DRAWN = 12
"""Pixels of the small copy that must stand out so far: a short word of common print."""

_NOISE_WINDOW = 3
"""Pixels of the small copy, across and down, whose median noise is measured against."""

_QUIET = 0.5
"""Share of the page that is paper at least, from which the noise is taken."""

_DEVIATION = 0.674
"""What share of its deviation half of a normal noise stays below."""

_TELLING = 24
"""Minimum of levels by which print must stand out that grey does not show."""

_TIMES = 3
"""By how many times it must stand out more than in grey."""

_PRINT_IN_A_TILE = 24
"""How much of a tile is such print, of 255: a letter or two."""

_TILES = 4
"""Minimum of tiles with such print: a word."""

_STRONGEST_INK = 160
"""How dark the page's strongest ink is made."""

_GRAINY = 12.0
"""Ratio of contrast to noise below which a picture is smoothed before it is stretched."""

_CONTRAST_BLUR = 0.8
"""Pixels by which that is done; more costs thin strokes."""


def distances(picture: Image.Image, dpi: int) -> list[Image.Image]:
    """Return for each channel how far each pixel is from the paper around it, lighter or darker."""
    return [_distance(channel, dpi) for channel in picture.split()]


def _distance(channel: Image.Image, dpi: int) -> Image.Image:
    return ImageChops.difference(channel, _paper(channel, dpi))


def _paper(channel: Image.Image, dpi: int) -> Image.Image:
    """Return the level of the paper in each place."""
    coarse = max(1, dpi // SMALL_DPI)
    small = channel.reduce(coarse).filter(ImageFilter.BoxBlur(_PAPER_LEVEL_AROUND * dpi / coarse))
    return small if coarse == 1 else small.resize(channel.size, Image.Resampling.BILINEAR)


def small(picture: Image.Image, dpi: int) -> Image.Image:
    """Return the copy of a picture that contrast is measured on."""
    return picture.reduce(max(1, dpi // SMALL_DPI))


def strength(distance: Image.Image) -> float:
    """Return by how many levels the strongest ink of a small picture stands out."""
    left = _DRAWN
    counts = distance.histogram()
    for level in range(len(counts) - 1, 0, -1):
        left -= counts[level]
        if left <= 0:
            return float(level)
    return 0.0


def noise(channel: Image.Image) -> float:
    """Return the deviation of the noise of a small picture of one channel, in its levels."""
    rough = ImageChops.difference(channel, channel.filter(ImageFilter.MedianFilter(_NOISE_WINDOW)))
    counts = rough.histogram()
    left, below = _QUIET * sum(counts), 0.0
    for level, count in enumerate(counts):
        above = level + 0.5
        if left <= count:
            return (below + (above - below) * left / count) / _DEVIATION
        left, below = left - count, above
    return 0.0


def least(channel: Image.Image) -> float:
    """Return from how many levels on something on a small picture is ink, not noise."""
    return max(_FAINTEST, _MINIMUM_NOISES * noise(channel))


def shows(channel: Image.Image) -> bool:
    """Whether anything on a small picture of one channel stands out from its noise."""
    return strength(_distance(channel, SMALL_DPI)) >= least(channel)


def uniform(picture: Image.Image, dpi: int) -> bool:
    """Whether nothing on a picture stands out from its noise in any channel."""
    return not any(map(shows, small(picture, dpi).split()))


def hidden(picture: Image.Image) -> bool:
    """Whether a small picture shows print in some channel that grey hardly shows."""
    far = reduce(ImageChops.lighter, distances(picture, SMALL_DPI))
    floor = max(_TELLING, *map(least, picture.split()))
    grey = distances(picture.convert("L"), SMALL_DPI)[0]
    much = far.point(lambda level: 255 * (level >= floor))
    more = ImageChops.subtract(far, grey.point(lambda level: min(255, _TIMES * level)))
    lost = ImageChops.darker(much, more.point(lambda level: 255 * (level > 0)))
    tiles = lost.reduce(ink.TILE).tobytes()
    return sum(level >= _PRINT_IN_A_TILE for level in tiles) >= _TILES


def projected(picture: Image.Image, dpi: int) -> Image.Image:
    """Return how far a picture is from its paper, in the channel that says most; dark is far."""
    copy = small(picture, dpi)
    found = [
        _projected(channel, little, dpi)
        for channel, little in zip(picture.split(), copy.split(), strict=True)
    ]
    return ImageChops.invert(reduce(ImageChops.lighter, found))


def _projected(channel: Image.Image, little: Image.Image, dpi: int) -> Image.Image:
    """Return the distance of one channel, stretched; nothing where it holds noise alone."""
    most, floor = strength(_distance(little, SMALL_DPI)), least(little)
    if most < floor:
        return Image.new("L", channel.size, 0)
    if most < _GRAINY * floor / _MINIMUM_NOISES:
        channel = channel.filter(ImageFilter.GaussianBlur(_CONTRAST_BLUR))
    gain = max(1.0, _STRONGEST_INK / most)
    return _distance(channel, dpi).point(lambda level: min(255, round(level * gain)))
