"""Words that lie on words: struck twice to look bold, or of two layers over each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from fanfold.model import Box
from fanfold.ocr.words import Row

_ON = 0.5
"""Minimum share of the smaller box that two words share for one to lie on the other."""

_ALIKE = 0.3
"""The same where both say the same: a layer lies a little beside another one."""

_BAND = 24
"""Points; words are looked for in bands of the page of that height."""


def once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows without those that say again, at nearly the same place, what one before says."""
    said = defaultdict[str, list[Box]](list)
    kept = []
    for row in rows:
        before = said[row.word.text]
        if not any(_shared(row.word.box, box) >= _ALIKE for box in before):
            kept.append(row)
        before.append(row.word.box)
    return tuple(kept)


def share(rows: Iterable[Row]) -> float:
    """Return the share of words that another word lies on, whatever both say."""
    bands = defaultdict[int, list[int]](list)
    boxes = [row.word.box for row in rows]
    lying = set[int]()
    for number, box in enumerate(boxes):
        for band in range(int(box.y0 // _BAND), int(box.y1 // _BAND) + 1):
            on = [other for other in bands[band] if _shared(box, boxes[other]) >= _ON]
            lying.update(on, [number] if on else [])
            bands[band].append(number)
    return len(lying) / max(1, len(boxes))


def _shared(one: Box, other: Box) -> float:
    """Return how much of the smaller one's area both share."""
    across, down = one.common_width(other), one.common_height(other)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min(one.width * one.height, other.width * other.height)
