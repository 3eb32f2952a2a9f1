"""Whether a part of a page looks like lines of letters, and how these lie.

Letters are spots of one height, side by side on one line, with paper around and within them. Shapes
in photographs, hatching, dust, frames and ornaments are of all sizes, or stand anyhow.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from statistics import fmean, median
from typing import NamedTuple

from PIL import Image

from fanfold.model import Box
from fanfold.ocr.picture import blobs
from fanfold.ocr.picture.blobs import Blob

_HEIGHTS = 1 / 36, 0.75
"""Inches: the minimum and maximum height of a letter; x of 4 points, and a capital of a poster."""

_LETTER_FILLED = 0.08, 0.92
"""Minimum and maximum share of a letter's box that is ink, but for upright strokes."""

_STROKE_WIDTH = 0.3
"""Width of an upright stroke (l, I, 1) in heights; it may be all ink."""

_TOUCHING_WIDTH = 6.0
"""Maximum width of letters that touch, in heights."""

_TIMES_THE_MEDIAN = 1.75
"""How many times as high as the median letter another one may be, or it as that."""

_LETTERS_OF_A_LINE = 4
"""Minimum of letters on a line: fewer are a mark or an ornament."""

_DOT_HEIGHT = 0.4
"""Maximum size of a dot in heights of a letter."""

_SOLID = 0.72
"""Minimum share of a dot's or a dash's box that is ink; letters that are as wide have less. Leaders
and broken frames say nothing, and letters stand among them."""

_STUBBY = 1.25
"""Maximum height of such a spot in widths."""

_INK_IN_LETTERS = 0.5
"""Minimum share of all ink that must be in letters."""

_FRAME_FILLED = 0.2
"""Maximum share of a frame's box that is ink."""

_BAR_SHAPE = 0.9, 0.5, 0.98
"""Minimum share of all ink that is in a bar with light letters, and what of its box is ink, at
least and at most."""

_NEIGHBOURS_APART = 2.5
"""Maximum of heights between neighbours on a line."""

_OFF = 0.35
"""Maximum of heights by which feet or heads of neighbours on a line differ."""

_OFF_THE_SLOPE = 0.3
"""Maximum of heights by which letters may be off the slope of a single line that is turned."""

_TURNED_LINE_LENGTH = 3.0
"""How many times as long as thick a single line that is turned must be."""

_TURNED_LINE_DEGREES = 4.0
"""Minimum of degrees by which such a line is turned."""

_MOST_RUNS = 60_000
"""Bytes of ink beyond which a part is a picture, and not looked at."""

_MINIMUM_CONTRAST = 12
"""Minimum of levels between ink and paper."""


class Lines(NamedTuple):
    """How lines of letters lie: turned by ``angle`` degrees clockwise they run across.

    ``height`` is that of a letter, in pixels.
    """

    angle: float
    height: float


def look(part: Image.Image, dpi: int) -> Lines | None:
    """Return how lines of letters lie in a part of a grey picture; None where there are none."""
    black = binary(part)
    if black is None or black.histogram()[255] > _MOST_RUNS:
        return None
    found = list(blobs.of(black))
    if (bar := _bar(found)) and (bar.width, bar.height) != part.size:
        return look(part.crop((int(bar.x0), int(bar.y0), int(bar.x1), int(bar.y1))), dpi)
    frame = _frame(found)
    spots = [s for s in found if s is not frame and _counts(s, black.size, dpi)]
    if len(spots) < _LETTERS_OF_A_LINE:
        return None
    if single := _turned(spots, dpi, framed=frame is not None):
        return single
    for angle, seen in ((0, spots), (90, [_on_side(spot) for spot in spots])):
        for letters in _letters(seen, dpi):
            if _enough(letters, seen) and _in_line(letters):
                return Lines(angle, median(letter.height for letter in letters))
    return None


def few(part: Image.Image, dpi: int) -> tuple[Lines, Box] | None:
    """Return how a few letters lie, and where, if a part of a picture holds nothing but dots else.

    They tell little by themselves: a number at the end of a line, or a smudge.
    """
    black = binary(part)
    if black is None or black.histogram()[255] > _MOST_RUNS:
        return None
    spots = list(blobs.of(black))
    tallest = max((spot.height for spot in spots), default=0.0)
    large = [spot for spot in spots if max(spot.width, spot.height) > _DOT_HEIGHT * tallest]
    letters = next(_letters(large, dpi), [])
    if not letters or len(letters) < len(large) or len(letters) > _LETTERS_OF_A_LINE:
        return None
    around = Box.around(letter.box for letter in letters)
    return Lines(0, median(letter.height for letter in letters)), around


def binary(part: Image.Image) -> Image.Image | None:
    """Return 255 where the rarer of light and dark is, parted where both differ the most (Otsu).

    None where they hardly differ.
    """
    counts = part.histogram()
    level, apart = _otsu(counts)
    if apart < _MINIMUM_CONTRAST:
        return None
    dark = sum(counts[:level])
    rare = dark <= sum(counts) / 2
    return part.point(lambda grey: 255 * ((grey < level) == rare))


def _otsu(counts: Sequence[int]) -> tuple[int, float]:
    """Return the level that parts a histogram best, and how far the means of both sides differ."""
    total, whole = sum(counts), sum(level * count for level, count in enumerate(counts))
    best, found = -1.0, (128, 0.0)
    below = beneath = 0
    for level, count in enumerate(counts[:-1]):
        below, beneath = below + count, beneath + level * count
        if 0 < below < total:
            apart = (whole - beneath) / (total - below) - beneath / below
            score = below * (total - below) * apart * apart
            if score > best:
                best, found = score, (level + 1, apart)
    return found


def _on_side(spot: Blob) -> Blob:
    box = spot.box
    return spot._replace(box=type(box)(box.y0, box.x0, box.y1, box.x1))


def _letters(spots: Sequence[Blob], dpi: int) -> Iterator[list[Blob]]:
    """Yield the spots that may be letters: of common sizes, and of the height of most of them.

    Then those of the height of most of the ink, for a broken frame has more spots than its text.
    """
    low, high = (inches * dpi for inches in _HEIGHTS)
    fit = [spot for spot in spots if low <= spot.height <= high and _is_shaped(spot)]
    if not fit:
        return
    for middle in (median(spot.height for spot in fit), _middle_of_ink(fit)):
        yield [
            s for s in fit if middle / _TIMES_THE_MEDIAN <= s.height <= middle * _TIMES_THE_MEDIAN
        ]


def _middle_of_ink(spots: Sequence[Blob]) -> float:
    """Return the height that half of the ink of spots is lower than."""
    ordered = sorted(spots, key=lambda spot: spot.height)
    inked = list(accumulate(spot.area for spot in ordered))
    return ordered[bisect_left(inked, inked[-1] / 2)].height


def _is_shaped(spot: Blob) -> bool:
    filled = spot.area / (spot.width * spot.height)
    stroke = spot.width <= _STROKE_WIDTH * spot.height
    return (
        spot.width <= _TOUCHING_WIDTH * spot.height
        and filled >= _LETTER_FILLED[0]
        and (stroke or filled <= _LETTER_FILLED[1])
    )


def _enough(letters: Sequence[Blob], spots: Sequence[Blob]) -> bool:
    ink = sum(spot.area for spot in spots)
    return (
        len(letters) >= _LETTERS_OF_A_LINE
        and sum(each.area for each in letters) >= _INK_IN_LETTERS * ink
    )


def _in_line(letters: Sequence[Blob]) -> bool:
    """Whether most letters stand in rows, their feet or heads on one level."""
    height = median(letter.height for letter in letters)
    left = sorted(letters, key=lambda letter: letter.box.x0)
    rows: list[list[Blob]] = []
    for letter in left:
        row = next((row for row in rows if _follows(row[-1], letter, height)), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    standing = [row for row in rows if len(row) >= _LETTERS_OF_A_LINE and not _is_even(row)]
    return 2 * sum(map(len, standing)) >= len(letters)


def _follows(one: Blob, other: Blob, height: float) -> bool:
    gap = other.box.x0 - one.box.x1
    feet, heads = abs(one.box.y1 - other.box.y1), abs(one.box.y0 - other.box.y0)
    return -height <= gap <= _NEIGHBOURS_APART * height and min(feet, heads) <= _OFF * height


def _is_even(row: Sequence[Blob]) -> bool:
    """Whether all spots of a row are one like the other: ticks of a scale, say."""
    sizes = {(round(spot.width / 2), round(spot.height / 2), round(spot.area / 8)) for spot in row}
    return len(sizes) <= max(2, len(row) // 5)


def _bar(spots: Sequence[Blob]) -> Box | None:
    """Return the box of a bar that holds nearly all ink: its letters are what is light in it."""
    most = max(spots, key=lambda spot: spot.area, default=None)
    if most is None or most.area < _BAR_SHAPE[0] * sum(spot.area for spot in spots):
        return None
    filled = most.area / (most.width * most.height)
    return (
        most.box
        if _BAR_SHAPE[1] <= filled < _BAR_SHAPE[2]
        and most.width > _TOUCHING_WIDTH * _LETTERS_OF_A_LINE
        else None
    )


def _counts(spot: Blob, size: tuple[int, int], dpi: int) -> bool:
    """Whether a spot has to be explained: no dust, dot, dash, frame, or ground that is cut off."""
    box = spot.box
    if max(spot.width, spot.height) <= dpi * _HEIGHTS[0] or _is_solid(spot):
        return False
    if min(box.x0, box.y0) <= 0 or box.x1 >= size[0] or box.y1 >= size[1]:
        return False
    return spot.area >= _LETTER_FILLED[0] * spot.width * spot.height


def _is_solid(spot: Blob) -> bool:
    """Whether a spot is a dot or a dash: wide, and hardly any paper in its box."""
    filled = spot.area / (spot.width * spot.height)
    return filled >= _SOLID and spot.height <= _STUBBY * spot.width


def _frame(spots: Sequence[Blob]) -> Blob | None:
    """Return the spot that is a frame around all others, as stamps have it."""
    most = max(spots, key=lambda spot: spot.width * spot.height, default=None)
    if most is None or most.area > _FRAME_FILLED * most.width * most.height:
        return None
    others = [spot.box for spot in spots if spot is not most]
    return most if others and Box.around((most.box, *others)) == most.box else None


def _turned(spots: Sequence[Blob], dpi: int, *, framed: bool) -> Lines | None:
    """Return how a single line of letters lies that runs at an angle.

    One letter more than on a level line has to be there, for four spots may stand in a row by
    chance; but not in a frame.
    """
    low, high = (inches * dpi for inches in _HEIGHTS)
    sides = [max(spot.width, spot.height) for spot in spots]
    middle = median(sides)
    letters = [
        spot
        for spot, side in zip(spots, sides, strict=True)
        if low <= side <= high and middle / _TIMES_THE_MEDIAN <= side <= middle * _TIMES_THE_MEDIAN
    ]
    if (
        len(letters) < _LETTERS_OF_A_LINE + (not framed)
        or not _enough(letters, spots)
        or _is_even(letters)
    ):
        return None
    angle, along, across = _axis([(letter.x, letter.y) for letter in letters])
    if (
        along < _TURNED_LINE_LENGTH * max(across, 1.0)
        or across > _OFF_THE_SLOPE * middle
        or abs(angle) < _TURNED_LINE_DEGREES
    ):
        return None
    return Lines(-angle, middle)


def _axis(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the slope of points in degrees, and their deviations along it and across."""
    x0, y0 = (fmean(values) for values in zip(*points, strict=True))
    xx = fmean((x - x0) ** 2 for x, _ in points)
    yy = fmean((y - y0) ** 2 for _, y in points)
    xy = fmean((x - x0) * (y - y0) for x, y in points)
    spread, middle = math.hypot((xx - yy) / 2, xy), (xx + yy) / 2
    angle = math.degrees(math.atan2(2 * xy, xx - yy) / 2)
    return angle, math.sqrt(middle + spread), math.sqrt(max(0.0, middle - spread))
