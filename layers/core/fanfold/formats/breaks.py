"""Ends of lines that somebody meant, as opposed to those where a line was full.

Running text goes on to the next line when a word does not fit. Where the next line's first word
would have fitted easily, or a line stands wide open between its words, the end was meant:
addresses, verses, fields of forms, rows of tables without rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from fanfold.formats import hyphens
from fanfold.model import Block, Line

_EASE = 1.5
"""Heights of a word that must be left over behind the word that would have fitted."""

_OPEN = 3.0
"""The same of a gap between words that makes a line a row; justified text stays below 2."""


def parts(block: Block) -> Iterator[Sequence[Line]]:
    """Yield the lines of a block that are one line of text each; lines must run to the right.

    Where most ends were meant all were: of the widest line nobody could tell.
    """
    ends = [_meant(block, line, after) for line, after in pairwise(block.lines)]
    most = 2 * sum(ends) > len(ends)
    starts = [0, *(n for n, meant in enumerate(ends, 1) if meant or most), len(block.lines)]
    for start, end in pairwise(starts):
        yield block.lines[start:end]


def _meant(block: Block, line: Line, after: Line) -> bool:
    height = median(word.box.height for word in line.words)
    if hyphens.continued(line.text, after.text, ()) is not None:
        return False
    if _open(line, height) and _open(after, height):
        return True
    first = after.words[0].box
    left = block.box.x1 - line.box.x1
    return height > 0 and left > first.width + _EASE * height


def _open(line: Line, height: float) -> bool:
    gaps = (b.box.x0 - a.box.x1 for a, b in pairwise(line.words))
    return any(gap > _OPEN * height for gap in gaps)
