"""How large type is set: the em of lines, as the boxes of their words show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from fanfold.model import Block, Line, Word

_RISING = frozenset("bdfhkltßþ")
_FALLING = frozenset("gjpqyç,;()[]{}|/@Q")
_SHARES = {(False, False): 0.48, (True, False): 0.7, (False, True): 0.7, (True, True): 0.92}
"""Of the em, what a word is high: by whether letters rise above the small ones or fall below the
base line. Measured on Times, Helvetica and Courier and good to a tenth."""


def em(line: Line, *, tight: bool) -> float:
    """Return the size of a line's type, in the unit of its boxes; 0 where it has no letters.

    ``tight`` says that boxes hug the ink, as a recogniser's do. Those of a text layer span the
    whole font, whatever the letters.
    """
    sizes = [_em(word, tight=tight) for word in line.words if any(map(str.isalnum, word.text))]
    return median(sizes) if sizes else 0.0


def body(blocks: Iterable[Block], *, tight: bool) -> float:
    """Return the size in which most of the text is set; 0 where there is none."""
    lines = [line for block in blocks for line in block.lines]
    weighted = sorted((size, len(one.text)) for one in lines if (size := em(one, tight=tight)))
    return _weighted_median(weighted)


def _em(word: Word, *, tight: bool) -> float:
    height = word.box.height
    if not tight:
        return height
    letters = word.text
    rising = any(c in _RISING or c.isupper() or c.isdigit() for c in letters)
    falling = any(c in _FALLING for c in letters)
    return height / _SHARES[rising, falling]


def _weighted_median(weighted: Sequence[tuple[float, int]]) -> float:
    half = sum(weight for _, weight in weighted) / 2
    for value, weight in weighted:
        half -= weight
        if half <= 0:
            return value
    return 0.0
