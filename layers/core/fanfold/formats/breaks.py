"""Find the line ends that an author meant, as opposed to those where the line was full.

Running text goes on to the next line when a word does not fit. Where the next line's first word
would have fitted easily, or wide gaps part the words of a line, the end was meant: so it is in
addresses, verses, forms and tables without rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from fanfold.formats import hyphens
from fanfold.model import Block, Line

_MINIMUM_ROOM = 1.5
"""Minimum of the room left behind a word that would have fitted easily, in heights of a word."""

_MINIMUM_GAP = 3.0
"""Minimum of a wide gap between words, in heights of a word; justified text stays below 2."""


def parts(block: Block) -> Iterator[Sequence[Line]]:
    """Yield the block's lines in groups; each group becomes one line of text.

    The lines must run to the right. Where most line ends of the block were meant, all count as
    meant: the widest line's own end cannot tell.
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
    return height > 0 and left > first.width + _MINIMUM_ROOM * height


def _open(line: Line, height: float) -> bool:
    gaps = (b.box.x0 - a.box.x1 for a, b in pairwise(line.words))
    return any(gap > _MINIMUM_GAP * height for gap in gaps)
