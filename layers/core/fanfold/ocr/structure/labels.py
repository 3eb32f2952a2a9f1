"""Labels and what is filled in beside them: rows that were read as one column after the other.

A form's labels and its values stand in columns that white space parts, so layout analysis reads all
labels first. So does a page whose values are text over a picture of the labels. Where both stand
level one by one, far below each other or behind a colon, each value belongs to its label's line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from fanfold import lists
from fanfold.bidi import runs_left
from fanfold.model import Block, Box, Line
from fanfold.ocr.structure import running

_LEAST_PAIRS = 3
"""Minimum of labels that have their values."""

_PAIRED = 0.7
"""Minimum share of the lines on either side, from the first pair to the last, that are paired."""

_LABELS = 0.6
"""Minimum share of the labels that end with a colon, where they stand as close as text does."""

_PITCH = 2.0
"""Minimum of heights of a line from one label to the next, where they end with anything else."""

_WORDS = 6
"""Maximum of words in a label, in the median."""

_MOST_LABELLED_LINES = 400
"""Lines of a page; one with more is no form."""


class _Place(NamedTuple):
    """A line that is no table's: of which block, and which of all lines."""

    block: int
    line: Line

    @property
    def box(self) -> Box:
        return self.line.box


Column = list[_Place]
Pair = tuple[_Place, _Place]


def paired(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks in which values stand in the lines of their labels. Lines must run across."""
    found = tuple(blocks)
    while (joined := _once(found)) is not None:
        found = joined
    return found


def _once(blocks: Sequence[Block]) -> tuple[Block, ...] | None:
    """Join the first two columns that are labels and values; None where none are."""
    columns = [column for column in _columns(blocks) if len(column) >= _LEAST_PAIRS]
    if sum(map(len, columns)) > _MOST_LABELLED_LINES:
        return None
    for number, one in enumerate(columns):
        for other in columns[number + 1 :]:
            if pairs := _pairs(one, other) or _pairs(other, one):
                return tuple(_joined(blocks, pairs))
    return None


def _columns(blocks: Sequence[Block]) -> Iterator[Column]:
    """Yield lines that follow each other, each below the last one and in the same column."""
    column: Column = []
    for number, block in enumerate(blocks):
        for line in block.lines:
            last = column[-1].box if column else None
            below = last and line.box.middle_y > last.y1 and line.box.across(last)
            if column and (block.table or not below):
                yield column
                column = []
            if not block.table:
                column.append(_Place(number, line))
    if column:
        yield column


def _pairs(labels: Column, values: Column) -> list[Pair]:
    """Return which values stand level with which labels; none where they are no such columns."""
    pairs = []
    for label in labels:
        level = [value for value in values if value.box.level(label.box)]
        if len(level) == 1 and label.box.x1 < level[0].box.x0:
            pairs.append((label, level[0]))
    if len(pairs) < _LEAST_PAIRS or len({id(value.line) for _, value in pairs}) < len(pairs):
        return []
    between = [_between(labels, [a for a, _ in pairs]), _between(values, [b for _, b in pairs])]
    whole = all(len(pairs) >= _PAIRED * len(side) for side in between)
    return pairs if whole and _is_form(*between) else []


def _between(column: Column, paired: Column) -> list[Line]:
    """Return the lines of a column from the first to the last one that is paired."""
    return [place.line for place in column[column.index(paired[0]) : column.index(paired[-1]) + 1]]


def _is_form(labels: Sequence[Line], values: Sequence[Line]) -> bool:
    """Whether lines name what stands beside them: no column of text, no lists side by side."""
    if running.is_text(labels) or any(runs_left(line.text) for line in (*labels, *values)):
        return False
    if any(lists.marker(line.text) for line in values):
        return False
    if median(len(line.words) for line in labels) > _WORDS:
        return False
    if sum(line.text.endswith(":") for line in labels) >= _LABELS * len(labels):
        return True
    step = median(below.box.middle_y - above.box.middle_y for above, below in pairwise(labels))
    return step >= _PITCH * median(line.box.height for line in (*labels, *values))


def _joined(blocks: Sequence[Block], pairs: Sequence[Pair]) -> Iterator[Block]:
    """Yield blocks with each value behind its label; those that nothing is left of go."""
    values = {id(label.line): value.line for label, value in pairs}
    gone = {id(value) for value in values.values()}
    for block in blocks:
        if block.table:
            yield block
            continue
        left = [line for line in block.lines if id(line) not in gone]
        if len(left) == len(block.lines) and not any(id(line) in values for line in left):
            yield block
            continue
        for _, group in groupby(left, key=lambda line: id(line) in values):
            lines = tuple(_with(line, values.get(id(line))) for line in group)
            yield Block(lines, Box.around(line.box for line in lines))


def _with(label: Line, value: Line | None) -> Line:
    if value is None:
        return label
    words = (*label.words, *value.words)
    return Line(words, Box.around(word.box for word in words))
