"""Words with the paragraph and the line they stand in, gathered into blocks and put in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from fanfold.model import Block, Box, Line, Word

Paragraph = tuple[str, str]


class Row(NamedTuple):
    """One word, and which paragraph and line it stands in."""

    paragraph: Paragraph
    line: str
    word: Word


def placed(words: Iterable[Row], place: Callable[[Box], Box]) -> Iterator[Row]:
    """Yield words with their boxes put to another place or scale."""
    for row in words:
        yield row._replace(word=replace(row.word, box=place(row.word.box)))


def moved(block: Block, place: Callable[[Box], Box]) -> Block:
    """Return a block with its words put to another place or scale."""
    lines = tuple(
        _line(tuple(replace(word, box=place(word.box)) for word in line.words))
        for line in block.lines
    )
    table = block.table and replace(
        block.table,
        cells=tuple(replace(cell, box=place(cell.box)) for cell in block.table.cells),
    )
    return replace(block, lines=lines, box=Box.around(line.box for line in lines), table=table)


def without(blocks: Iterable[Block], kept: Iterable[bool]) -> tuple[Block, ...]:
    """Return blocks with only those words that are ``kept``, in their order; what is empty goes."""
    each = iter(kept)
    left = []
    for block in blocks:
        words = [tuple(w for w in line.words if next(each)) for line in block.lines]
        lines = tuple(_line(some) for some in words if some)
        if lines:
            left.append(replace(block, lines=lines, box=Box.around(line.box for line in lines)))
    return tuple(left)


def blocks_of(
    words: Iterable[Row], order: Callable[[Sequence[Word]], tuple[Word, ...]] = tuple
) -> tuple[Block, ...]:
    """Gather words that follow each other into lines and paragraphs.

    ``order`` brings the words of a line into reading order.
    """
    gathered = []
    for _, paragraph in groupby(words, key=lambda row: row.paragraph):
        lines = tuple(
            _line(order([row.word for row in line]))
            for _, line in groupby(paragraph, key=lambda row: row.line)
        )
        gathered.append(Block(lines, Box.around(line.box for line in lines)))
    return tuple(gathered)


def _line(words: tuple[Word, ...]) -> Line:
    return Line(words, Box.around(word.box for word in words))
