"""Read once more without the dots that lead from a title to its page's number.

Recognition makes words of a row of dots, and spoils the words that it begins and ends at: a table
of contents with a mean confidence of 40 has one of 96 once its dots are painted over.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import ImageDraw, ImageStat

from fanfold.ocr.passes import doubtful, vote
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture import blobs, letters
from fanfold.ocr.picture.blobs import Blob
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import Row

_LONG = 6.0
"""Minimum width, in its heights, of an unsure word that may be a row of dots."""

_UNSURE_DOTS = 60.0
"""Confidence below which such a word is unsure."""

_DOT_INCHES = 1 / 20
"""Maximum of inches of a dot's sides."""

_DOTS_FILLED = 0.5
"""Minimum share of a dot's box that is ink."""

_SIZES_ALIKE = 2.0
"""Maximum of pixels by which the sides of neighbours differ."""

_APART = 8.0
"""Maximum between neighbours, in widths of a dot of three pixels or more."""

_BAND_HEIGHTS = 4
"""Pixels within which the feet of a row stand."""

_MOST_DOTS = 6_000
"""Maximum of dots on a page: what has more is grain, in which there are rows by chance."""

_MANY_DOTS = 8
"""Minimum of dots in a row: fewer are an ellipsis or the points of abbreviations."""


def wanted(found: Reading) -> bool:
    """Whether rows of dots may have been taken for words."""
    return found.confidence < doubtful.DOUBTFUL_PAGE or any(map(_may_be_dots, found.rows))


def reread(found: Reading, means: Means) -> Reading:
    """Return what is read without rows of dots, if there are some and more of it is legible.

    What was sure among the dots is not believed: they made INdex and ANd of the words they end at.
    """
    drawing = _without(found.drawing)
    if drawing is None:
        return found
    seen = means.recogniser.read(drawing, Way(width=1))
    if seen.score <= found.score:
        return found
    rows = vote.merged(seen.rows, found.rows, "dotted", math.inf)
    return replace(found, drawing=drawing, rows=tuple(rows))


def _may_be_dots(row: Row) -> bool:
    box = row.word.box
    return row.word.confidence < _UNSURE_DOTS and box.width >= _LONG * box.height


def _without(drawing: Drawing) -> Drawing | None:
    """Return a drawing whose rows of dots are painted over; None where it has none."""
    black = letters.binary(drawing.image)
    if black is None:
        return None
    most = _DOT_INCHES * drawing.dpi
    dots = [
        spot
        for spot in blobs.of(black)
        if max(spot.width, spot.height) <= most
        and spot.area >= _DOTS_FILLED * spot.width * spot.height
    ]
    rows = list(_rows(dots)) if len(dots) <= _MOST_DOTS else []
    if not rows:
        return None
    image, paper = drawing.image.copy(), ImageStat.Stat(drawing.image).median[0]
    pen = ImageDraw.Draw(image)
    for box in (dot.box for row in rows for dot in row):
        pen.rectangle((box.x0 - 1, box.y0 - 1, box.x1, box.y1), fill=paper)
    return drawing.showing(image)


def _rows(dots: Sequence[Blob]) -> Iterator[list[Blob]]:
    """Yield rows of dots whose feet are level; a dot may be in two of them."""
    bands: dict[int, list[Blob]] = defaultdict(list)
    for dot in dots:
        place = int(dot.box.y1 // (_BAND_HEIGHTS / 2))
        bands[place].append(dot)
        bands[place + 1].append(dot)
    for level in bands.values():
        row: list[Blob] = []
        for dot in sorted(level, key=lambda dot: dot.box.x0):
            if row and not _follows(row[-1], dot):
                if len(row) >= _MANY_DOTS:
                    yield row
                row = []
            row.append(dot)
        if len(row) >= _MANY_DOTS:
            yield row


def _follows(one: Blob, other: Blob) -> bool:
    alike = max(abs(one.width - other.width), abs(one.height - other.height)) <= _SIZES_ALIKE
    gap = other.box.x0 - one.box.x1
    return alike and 0 < gap <= _APART * max(one.width, 3.0)
