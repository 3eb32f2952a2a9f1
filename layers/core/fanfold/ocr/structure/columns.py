"""Columns that layout analysis ran together: text beside a box, two columns above a wide line.

A block whose lines stand beside each other has them in the order of their heights. Where a strip
stays free down through many of them and running text stands beside it, the lines are put in the
order of columns. Rows of a list or a table, whose sides share their base lines, stay rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from fanfold.bidi import runs_left
from fanfold.model import Block, Box, Line
from fanfold.ocr.structure import running

_STRIP_WIDTH = 1.0
"""Minimum width of a strip in heights of a word; justified text has gaps below that."""

_STRIP_IN_SPACES = 2.5
"""Minimum width of a strip in common word spaces, too: those of a typewriter are as wide as a word
is high, and stand below each other."""

_LINES_LEFT, _LINES_RIGHT = 5, 4
"""Lines on its sides."""

_OFF_THE_BASE_LINE = 0.15
"""Heights of a word by which base lines of one row may differ."""

_DEEPEST = 4
"""Maximum of how deep columns are looked for within columns."""

_BLOCK_LINES = 400
"""Maximum of lines in a block; longer ones are no page for people."""

_TRIED_EDGES = 16
"""Maximum of places that are tried as a strip's right edge."""

_SENTENCE_ENDS = (".", "!", "?", ":", "”", "»", '"')


class _Parted(NamedTuple):
    above: list[Line]
    left: list[Line]
    right: list[Line]
    below: list[Line]


def parted(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with columns put one after the other, from the left to the right.

    Lines must run across. Text that runs from right to left stays as it is.
    """
    return tuple(
        part
        for block in blocks
        for part in ([block] if block.table else _in_columns(block, depth=0))
    )


def _in_columns(block: Block, depth: int) -> Iterator[Block]:
    found = _best(block) if depth < _DEEPEST and len(block.lines) <= _BLOCK_LINES else None
    if found is None:
        yield block
        return
    goes_on = found.below and not found.left[-1].text.endswith(_SENTENCE_ENDS)
    sides = (found.right, found.left) if goes_on else (found.left, found.right)
    for lines in (found.above, *sides, found.below):
        if lines:
            yield from _in_columns(Block(tuple(lines), _around(lines)), depth + 1)


def _best(block: Block) -> _Parted | None:
    """Return the lines on the sides of the strip that is longest."""
    if len(block.lines) < _LINES_LEFT or any(runs_left(line.text) for line in block.lines):
        return None
    height = median(word.box.height for line in block.lines for word in line.words)
    width = max(_STRIP_WIDTH * height, _STRIP_IN_SPACES * _space(block.lines))
    lines = sorted(block.lines, key=lambda line: line.box.middle_y)
    found = [
        parts
        for right in _edges(lines, width)
        if (parts := _parts(lines, right - width, right)) and _are_columns(parts, height)
    ]
    return max(found, key=lambda parts: len(parts.left) + len(parts.right), default=None)


def _space(lines: Sequence[Line]) -> float:
    """Return how wide a word space is in most places; 0 where there is none."""
    gaps = [b.box.x0 - a.box.x1 for line in lines for a, b in pairwise(line.words)]
    return median(gaps) if gaps else 0.0


def _edges(lines: Sequence[Line], width: float) -> list[float]:
    """Return where several words begin that have room on their left: right edges of strips."""
    begun: dict[int, list[float]] = {}
    left = min(line.box.x0 for line in lines)
    for line in lines:
        ends = left
        for word in line.words:
            if word.box.x0 - ends >= width:
                begun.setdefault(round(word.box.x0 / width), []).append(word.box.x0)
            ends = max(ends, word.box.x1)
    common = sorted(begun.values(), key=len, reverse=True)[:_TRIED_EDGES]
    return [min(edges) for edges in common if len(edges) >= _LINES_RIGHT]


def _parts(lines: Sequence[Line], a: float, b: float) -> _Parted | None:
    """Part lines by the strip from ``a`` to ``b``, as far as it is free down from somewhere."""
    free = [all(w.box.x1 <= a or w.box.x0 >= b for w in line.words) for line in lines]
    start, end = _longest(free)
    left, right = _side(lines[start:end], -math.inf, a), _side(lines[start:end], b, math.inf)
    if len(left) < _LINES_LEFT or len(right) < _LINES_RIGHT:
        return None
    return _Parted(list(lines[:start]), left, right, list(lines[end:]))


def _longest(free: Sequence[bool]) -> tuple[int, int]:
    best = start = end = 0
    for place, good in enumerate([*free, False]):
        if not good:
            if place - start > best:
                best, end = place - start, place
            start = place + 1
    return end - best, end


def _side(lines: Sequence[Line], start: float, end: float) -> list[Line]:
    """Return what of lines lies between two edges; of two at one height, the left one first."""
    side: list[Line] = []
    for line in lines:
        words = tuple(w for w in line.words if w.box.x0 >= start and w.box.x1 <= end)
        if not words:
            continue
        part = Line(words, Box.around(word.box for word in words))
        before = bool(side) and _beside(part, side[-1])
        side.insert(len(side) - before, part)
    return side


def _beside(line: Line, other: Line) -> bool:
    """Whether a line ends left of another one at its height."""
    one, two = line.box, other.box
    return one.x1 <= two.x0 and one.level(two)


def _are_columns(parts: _Parted, height: float) -> bool:
    """Whether both sides are running text, or one is and the other has base lines of its own."""
    text = [running.is_text(side) for side in (parts.left, parts.right)]
    if not any(text):
        return False
    bases = [line.box.y1 for line in parts.left]
    shared = sum(
        any(abs(line.box.y1 - base) <= _OFF_THE_BASE_LINE * height for base in bases)
        for line in parts.right
    )
    return all(text) or 2 * shared < len(parts.right)


def _around(lines: Sequence[Line]) -> Box:
    return Box.around(line.box for line in lines)
