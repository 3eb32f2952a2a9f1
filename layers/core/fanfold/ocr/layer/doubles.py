"""Words that lie on words: struck twice to look bold, or of two layers over each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

from fanfold.model import Box
from fanfold.ocr.words import Row

_COVERED = 0.5
"""Minimum share of the smaller box that two words share for one to lie on the other."""

_COVERED_BY_ITSELF = 0.3
"""The same where both say the same: a layer lies a little beside another one."""

_BAND_POINTS = 24
"""Points; words are looked for in bands of the page of that height."""

_PAGE = 3000
"""Points across and down that are painted; what lies beyond is not counted."""

_INNER = 0.25
"""Share of a word's height, above and below, that lines set close may share."""

_PAINTED_TWICE = 0.0005
"""Share of the words' area that must lie on others for them to be compared one by one."""


def once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows without those that say again, at nearly the same place, what one before says."""
    said = defaultdict[tuple[str, int], list[Box]](list)
    kept = []
    for row in rows:
        text, box = row.word.text, row.word.box
        band = int(box.y0 // _BAND_POINTS)
        near = (said.get((text, each), ()) for each in (band - 1, band, band + 1))
        if not any(_shared(box, other) >= _COVERED_BY_ITSELF for boxes in near for other in boxes):
            kept.append(row)
        said[text, band].append(box)
    return tuple(kept)


def share(rows: Sequence[Row]) -> float:
    """Return the share of words that another word lies on, whatever both say."""
    boxes = [row.word.box for row in rows]
    bands = defaultdict[int, list[int]](list)
    lying = set[int]()
    for number, box in enumerate(boxes):
        for band in range(int(box.y0 // _BAND_POINTS), int(box.y1 // _BAND_POINTS) + 1):
            on = [other for other in bands[band] if _shared(box, boxes[other]) >= _COVERED]
            lying.update(on, [number] if on else [])
            bands[band].append(number)
    return len(lying) / max(1, len(boxes))


def overlaid(rows: Iterable[Row]) -> bool:
    """Whether any words lie on others; to know costs less than to compare them."""
    return _painted_twice([row.word.box for row in rows]) >= _PAINTED_TWICE


def _painted_twice(boxes: Iterable[Box]) -> float:
    """Return which share of the area of words, painted one by one, was painted before."""
    corners = []
    for box in boxes:
        edge = _INNER * (box.y1 - box.y0)
        place = (int(box.x0), int(box.y0 + edge), int(box.x1) - 1, int(box.y1 - edge) - 1)
        if 0 <= place[0] <= place[2] < _PAGE and 0 <= place[1] <= place[3] < _PAGE:
            corners.append(place)
    if not corners:
        return 0.0
    size = max(place[2] for place in corners) + 1, max(place[3] for place in corners) + 1
    painted = Image.new("L", size)
    pen = ImageDraw.Draw(painted)
    for place in corners:
        pen.rectangle(place, fill=255)
    area = sum((x1 - x0 + 1) * (y1 - y0 + 1) for x0, y0, x1, y1 in corners)
    return 1 - painted.histogram()[255] / area


def _shared(one: Box, other: Box) -> float:
    """Return how much of the smaller one's area both share."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min(one.width * one.height, other.width * other.height)
