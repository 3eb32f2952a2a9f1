"""Where the words of a line stand in an invisible layer, and how large.

A word is stretched to the width of its box. Where it would touch the next one it is made narrower:
viewers take what is closer than a tenth of the font's size for one word. The lines of a page's text
have one size of font, since poppler takes lines of different sizes for different texts. Words that
run to the left stand backwards, as viewers expect it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from fanfold.bidi import runs_left, seen_order
from fanfold.geometry import Turn
from fanfold.model import Box, Line, Word

_WORD_SHARE = 0.9
"""Height of a word with ascenders and descenders, in sizes of its font."""

_MAXIMUM_BODY = 1.35
"""Maximum of how many times larger or smaller than the page's median word a line's words are that
get its size."""

_MINIMUM_WORD_GAP = 0.15
"""Minimum between a word and the next, in sizes of its font. Viewers take 0.1 for none."""

_MAXIMUM_LEFTWARD_GAP = 0.5
"""Maximum between words of a line that runs to the left, in sizes of its font.

pdf.js turns words around together up to 0.6; what stands farther off it leaves where it stands.
"""

_MAXIMUM_SPACE = 1.5
"""Maximum of a gap that is a space and is made that narrow, in sizes of the font."""

_MINIMUM_WIDTH = 0.5
"""Minimum of a word's width that it keeps for that."""

_MAXIMUM_LINE_HEIGHT = 1.6
"""Maximum of a straight line's height, in heights of its highest word; a curved one is higher."""

_MAXIMUM_DRIFT = 0.45
"""Maximum of what words of one line may differ in how low they stand, in sizes of the font.

poppler takes words for one line up to 0.5.
"""

_MAXIMUM_SHIFT = 0.5
"""Maximum of how far a word is moved off its ink to make its line level, in sizes of the font.

On a page of 8.5 inches it is enough for lines that slope by up to 2 degrees.
"""

_DIRECTIONS = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}
"""Which way (right, down) lines run on a page that was turned clockwise by so many degrees."""


def body_height(lines: Iterable[Line]) -> float:
    """Return the median height of words, 0 where there are none."""
    heights = [word.box.height for line in lines for word in line.words]
    return median(heights) if heights else 0.0


class Put(NamedTuple):
    """A word on the page as displayed, in pixels.

    ``x`` and ``y`` are where its base line begins, ``across`` which way that runs (right is 1, 0;
    down is 0, 1), ``size`` is that of its font.
    """

    text: str
    x: float
    y: float
    across: tuple[int, int]
    length: float
    size: float


def placed(line: Line, turn: Turn, body: float) -> Iterator[Put]:
    """Yield the words of a line: each stands upright, its middle on the slope of the line.

    poppler cuts words whose letters are more than half a point off their base line, and puts
    words in order by level lines only. So a line is made as level as _MAXIMUM_SHIFT allows.
    """
    quarter = round(turn.angle / 90) * 90
    slope = math.cos(math.radians(turn.angle - quarter))
    right, down = _DIRECTIONS[quarter % 360]
    laid = list(_laid(_apart(line, body), body))
    sizes = [height / _WORD_SHARE for _, _, height in laid]
    feet = [turn.undone(word.box.middle_x, bottom) for word, bottom, _ in laid]
    lows = _levelled([x * -down + y * right for x, y in feet], max(sizes))
    for (word, _, _), size, (x, y), low in zip(laid, sizes, feet, lows, strict=True):
        length = word.box.width * slope
        start = x * right + y * down - length / 2
        place = start * right - low * down, start * down + low * right
        yield Put(word.text, *place, (right, down), length, size)


def _levelled(lows: Sequence[float], size: float) -> Sequence[float]:
    """Return how low words are to stand: nearer to one level where that moves none too far."""
    drift = max(lows) - min(lows)
    level = _MAXIMUM_DRIFT * size
    if not level < drift <= level + 2 * _MAXIMUM_SHIFT * size:
        return lows
    middle = (max(lows) + min(lows)) / 2
    return [middle + (low - middle) * level / drift for low in lows]


def _laid(line: Line, body: float) -> Iterator[tuple[Word, float, float]]:
    """Yield each word with its base and its height; a straight line has one of each for all."""
    heights = [max(1.0, word.box.height) for word in line.words]
    straight = line.box.height <= _MAXIMUM_LINE_HEIGHT * max(heights)
    bottom = median(word.box.y1 for word in line.words)
    common = _common_height(heights, body)
    for word, height in zip(line.words, heights, strict=True):
        yield (word, bottom, common) if straight else (word, word.box.y1, height)


def _common_height(heights: Sequence[float], body: float) -> float:
    """Return the height of a line's words: the page's where it is about that."""
    common = median(heights)
    return body if common / _MAXIMUM_BODY <= body <= common * _MAXIMUM_BODY else common


def _apart(line: Line, body: float) -> Line:
    """Return a line as it is seen, its words so narrow that viewers see where they end."""
    words = seen_order(line.words)
    heights = [max(1.0, word.box.height) for word in words]
    size = _common_height(heights, body) / _WORD_SHARE
    narrow = [
        replace(word, box=_ending_before(word.box, after.box.x0 - _MINIMUM_WORD_GAP * size))
        for word, after in pairwise(words)
    ]
    apart = [*narrow, words[-1]]
    if any(runs_left(word.text) for word in line.words):
        apart = _near(apart, size)
    return replace(line, words=tuple(apart))


def _near(words: Sequence[Word], size: float) -> list[Word]:
    """Return words, from left to right, of which none stands so far off that it is turned alone."""
    boxes = [word.box for word in words]
    for n in range(len(boxes) - 1):
        left, right = boxes[n], boxes[n + 1]
        gap = (right.x0 - left.x1) / size
        if _MAXIMUM_LEFTWARD_GAP < gap <= _MAXIMUM_SPACE:
            more = (gap - _MAXIMUM_LEFTWARD_GAP) * size / 2
            boxes[n : n + 2] = replace(left, x1=left.x1 + more), replace(right, x0=right.x0 - more)
    return [replace(word, box=box) for word, box in zip(words, boxes, strict=True)]


def _ending_before(box: Box, edge: float) -> Box:
    """Return a box that ends at ``edge``, if that leaves enough of it."""
    if box.x0 + _MINIMUM_WIDTH * box.width <= edge < box.x1:
        return replace(box, x1=edge)
    return box
