"""Lines of one column come from the top down, whoever put them in order.

Layout analysis, words that further looks add, and tables that are put among blocks all guess where
something is read. Whatever they guess: a line is not read before one that stands above it in the
same column. Where that happened, the ones above come first, right before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from fanfold.model import Block, Box, Line

_SHARED_WIDTH = 0.5
"""Minimum share of the narrower line's width that both have in common."""

_MIDDLES_APART = 0.8
"""Minimum of how far apart the middles of two lines are, in heights of the lower one of them."""

_OVERLAP = 0.25
"""Maximum of such heights that they share."""

_GAP = 1.0
"""Minimum of heights that part words of two columns."""

_LINE_CHARACTERS = 4
"""Minimum of characters in a line that is wider than high if it runs across."""

_MOST_LINES = 1000
"""Lines of a page; one with more is no page for people."""


class _Piece(NamedTuple):
    """A line of a block, or a block that is a table."""

    block: int
    lines: tuple[Line, ...]
    box: Box
    table: bool = False


def settled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks whose lines come from the top down in each column; parted where they must be.

    A page whose lines run down stays as it is.
    """
    pieces = list(_pieces(blocks))
    if len(pieces) > _MOST_LINES or _run_down(blocks):
        return tuple(blocks)
    if not _any_late(pieces):
        return tuple(blocks)
    return tuple(_gathered([pieces[number] for number in _order(_above(pieces))], blocks))


def _run_down(blocks: Sequence[Block]) -> bool:
    lines = [line for block in blocks for line in block.lines if len(line.text) >= _LINE_CHARACTERS]
    return 2 * sum(line.box.height > line.box.width for line in lines) > len(lines)


def _pieces(blocks: Sequence[Block]) -> Iterator[_Piece]:
    for number, block in enumerate(blocks):
        if block.table:
            yield _Piece(number, block.lines, block.box, table=True)
        else:
            yield from (_Piece(number, (line,), line.box) for line in block.lines)


def _any_late(pieces: Sequence[_Piece]) -> bool:
    """Whether a piece comes after one that it stands above; most pages have none."""
    middles = [piece.box.middle_y for piece in pieces]
    return any(
        middles[late] < middles[early] and _stands_above(pieces[late], pieces[early])
        for late in range(len(pieces))
        for early in range(late)
    )


def _above(pieces: Sequence[_Piece]) -> list[list[int]]:
    """Return for each piece which others stand above it in its column."""
    return [
        [n for n, other in enumerate(pieces) if _stands_above(other, piece)] for piece in pieces
    ]


def _stands_above(one: _Piece, other: _Piece) -> bool:
    a, b = one.box, other.box
    if a.middle_y >= b.middle_y or a.x0 >= b.x1 or b.x0 >= a.x1:
        return False
    height = min(a.height, b.height)
    apart = b.middle_y - a.middle_y >= _MIDDLES_APART * height
    shared = a.common_width(b) >= _SHARED_WIDTH * min(a.width, b.width)
    return apart and shared and a.common_height(b) <= _OVERLAP * height and _touch(one, other)


def _touch(one: _Piece, other: _Piece) -> bool:
    """Whether words of both stand above each other, and not one in a wide gap of the other's.

    A table has no gaps: what stands above any of its columns stands above it.
    """
    return any(piece.table for piece in (one, other)) or any(
        word.box.common_width(below.box) > -_GAP * min(word.box.height, below.box.height)
        for line in one.lines
        for word in line.words
        for under in other.lines
        for below in under.words
    )


def _order(above: Sequence[Sequence[int]]) -> list[int]:
    """Return the numbers of pieces in an order that puts what is above first."""
    done: set[int] = set()
    order: list[int] = []
    for number in range(len(above)):
        waiting = [number]
        while waiting:
            last = waiting[-1]
            open_ = [n for n in above[last] if n not in done]
            if open_:
                waiting.append(open_[0])
                continue
            waiting.pop()
            if last not in done:
                done.add(last)
                order.append(last)
    return order


def _gathered(pieces: Sequence[_Piece], blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield pieces as blocks: those of one block that still follow each other stay one."""
    for number, group in groupby(pieces, key=lambda piece: piece.block):
        lines = tuple(line for piece in group for line in piece.lines)
        if blocks[number].lines == lines:
            yield blocks[number]
        else:
            yield Block(lines, Box.around(line.box for line in lines))
