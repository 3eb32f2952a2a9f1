"""Read three dots in a row, and ``.../...``, by their shape where recognition saw none.

Layout analysis takes dots that stand by themselves for dust, and tesseract has no word for them
however they are cut out: typescripts end their pages with ``.../...``. Three even dots at even
distances are no dust. Longer rows are leaders and lines to write on, which say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

from fanfold.model import Box, Word
from fanfold.ocr.passes import blobs
from fanfold.ocr.passes.blobs import Blob
from fanfold.ocr.passes.means import Means
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.picture import ink
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

_DOTS, _TURN = "...", ".../..."
_THREE = 3
_CONFIDENCE = 90.0
_OWN = "dots"

_SMALL = 3
"""Pixels of the small picture, 50 to an inch: a dot is not larger."""

_MOST = 12
"""Six dots, and what a slash falls to; longer rows are leaders."""

_NEAR, _LEVEL = 12.0, 2.0
"""Pixels of the small picture, across and down, by which spots of a row are apart at most."""

_CROWD = 150
"""More small spots than that are dust or a halftone."""

_MOST_INK = 4000
"""Pixels left unread on the small picture from which there is a drawing or a photograph."""

_EVEN = 0.25
"""Share of their distance by which dots may stand off their place."""

_CLOSE = 1.5
"""Widths of a dot that distances of dots are at least."""

_ALIKE = 1.8
"""How many times as large as another dot one may be, in area."""

_ROUND, _FULL = 1.5, 0.6
"""How many times as long as wide a dot may be, and how much of its box it fills: a disc .79."""

_APART = 4.0
"""Distances of dots within which a slash and the next three belong to the same word."""


def completed(found: Reading, _means: Means) -> Reading:
    """Return ``found`` with the ellipses of its drawing."""
    picture, shown = found.drawing, found.drawing.ink
    scale = picture.width / shown.width
    read = [row.word.box.scaled(1 / scale) for row in found.rows]
    places = [place.scaled(scale) for place in _likely(shown, read)]
    if not places:
        return found
    words = [word for place in places for word in _words(_spots(picture.image, place))]
    added = [Row((_OWN, str(number)), "0", word) for number, word in enumerate(words)]
    return found.saying(tuple(woven(found.rows, added, _OWN)))


def _likely(shown: Image.Image, read: Iterable[Box]) -> Iterator[Box]:
    """Yield where three small spots or some more stand in a row, and nothing was read."""
    dark = shown.point(lambda level: 255 * (level >= ink.FAINT))
    pen = ImageDraw.Draw(dark)
    for box in read:
        pen.rectangle((box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1), fill=0)
    if dark.histogram()[255] > _MOST_INK:
        return
    spots = [spot for spot in blobs.of(dark) if max(spot.width, spot.height) <= _SMALL]
    for row in _chains(spots) if len(spots) <= _CROWD else ():
        if _THREE <= len(row) <= _MOST:
            yield Box.around(spot.box for spot in row)


def _chains(spots: Iterable[Blob]) -> Iterator[list[Blob]]:
    """Yield spots that follow each other from left to right."""
    rest = sorted(spots, key=lambda spot: spot.x)
    while rest:
        chain = [rest.pop(0)]
        for spot in list(rest):
            if spot.x - chain[-1].x <= _NEAR and abs(spot.y - chain[0].y) <= _LEVEL:
                chain.append(spot)
                rest.remove(spot)
        yield chain


def _spots(image: Image.Image, place: Box) -> list[Blob]:
    """Return what is dark in a place and closely around it, from left to right."""
    margin = place.height / 2 + 1
    left, top = max(0, int(place.x0 - margin)), max(0, int(place.y0 - margin))
    right = min(image.width, int(place.x1 + margin) + 1)
    bottom = min(image.height, int(place.y1 + margin) + 1)
    black = ink.black(image.crop((left, top, right, bottom)))
    spots = blobs.of(black) if black else ()
    return sorted((spot.moved(left, top) for spot in spots), key=lambda spot: spot.x)


def _words(spots: Sequence[Blob]) -> Iterator[Word]:
    """Yield a word for each three dots among spots; one for two of them around a slash."""
    dots = [spot for spot in spots if _is_dot(spot)]
    rest = list(_threes(dots))
    while rest:
        three = rest.pop(0)
        turned = bool(rest) and _is_turn(three, rest[0], spots)
        row = [*three, *rest.pop(0)] if turned else three
        box = Box.around(dot.box for dot in row)
        yield Word(_TURN if turned else _DOTS, box, _CONFIDENCE)


def _is_dot(spot: Blob) -> bool:
    small, large = sorted((spot.width, spot.height))
    return large <= max(_ROUND * small, small + 1) and spot.area >= _FULL * small * large


def _threes(dots: Sequence[Blob]) -> Iterator[Sequence[Blob]]:
    """Yield threes of like dots at even distances that no fourth one goes on with."""
    rows: list[list[Blob]] = [[]]
    for dot in dots:
        if _goes_on(rows[-1], dot):
            rows[-1].append(dot)
        else:
            rows.append([dot])
    return (row for row in rows if len(row) == _THREE and _is_even(row))


def _goes_on(row: Sequence[Blob], dot: Blob) -> bool:
    if len(row) <= 1:
        return True
    step = row[1].x - row[0].x
    return abs(dot.x - row[-1].x - step) <= max(1.0, _EVEN * step)


def _is_even(row: Sequence[Blob]) -> bool:
    areas, middles = [dot.area for dot in row], [dot.y for dot in row]
    width = max(dot.width for dot in row)
    return (
        max(areas) <= _ALIKE * min(areas)
        and max(middles) - min(middles) <= width
        and all(right.x - left.x >= _CLOSE * width for left, right in pairwise(row))
    )


def _is_turn(three: Sequence[Blob], other: Sequence[Blob], spots: Iterable[Blob]) -> bool:
    """Whether something tall and narrow, whole or in pieces, stands between threes."""
    left, right = three[-1], other[0]
    between = [spot.box for spot in spots if left.x < spot.x < right.x]
    if not between or right.x - left.x > _APART * (left.x - three[-2].x):
        return False
    slash = Box.around(between)
    return slash.height > max(slash.width, _ROUND * left.height)
