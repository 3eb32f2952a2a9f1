"""Look once more at what is larger than a page's print and was read badly: handwriting in forms.

The size that suits the print of a page is too large for what was written or stamped into it, and
among lines of print page segmentation mistakes where its lines are. Without what was surely read,
taken for scattered words (page segmentation 11) and made smaller, more of it comes out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from fanfold.model import Box, Word
from fanfold.ocr.passes import size, vote
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture.painted import painted_out
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import placed

PRINT_READ = 75.0
"""Confidence from which a word of the page's own size counts as read."""

LARGE_READ = 90.0
"""The same for larger words: a part of a line of them is often read well, and wrong."""

LARGE = 1.5
"""Words are large that are so many times as high as the page's print. At 1.2 the print of
receipts, which has several sizes, is looked at, and comes out no better."""

LARGE_HEIGHT = 40.0
"""Pixels to make such words, ascenders to descenders; at 26 or 50 fewer come out."""

LARGE_SURER = 30.0
"""By how much surer than those of the other looks the words must be."""

_LARGE_DOUBTFUL_WORDS = 3
"""Minimum of large doubtful words that are worth a look: a book page has an initial or a smudge."""

_PRINT_LETTERS = 3
"""Minimum of letters in a word that the height of print is taken from."""

_ADDED_LETTERS = 2
"""Minimum of letters in a word that the look may add: single ones are the ends of strokes."""

_SCATTERED = Way(segmentation=11)


def wanted(found: Reading) -> bool:
    """Whether several large words were read badly."""
    return len(_heights(found)) >= _LARGE_DOUBTFUL_WORDS


def reread(found: Reading, means: Means) -> Reading:
    """Return ``found`` with what a look at the large words of its drawing adds."""
    shrink = min(1.0, LARGE_HEIGHT / median(_heights(found)))
    rest = painted_out(found.drawing, _known(found))
    if rest is None:
        return found
    seen = means.recogniser.read(size.resized(rest, shrink), _SCATTERED)
    longer = (row for row in seen.rows if _lettered(row.word, _ADDED_LETTERS))
    rows = tuple(placed(longer, lambda box: box.scaled(1 / shrink)))
    return found.saying(tuple(vote.merged(found.rows, rows, "large", LARGE_SURER)))


def _heights(found: Reading) -> list[float]:
    """Return the heights in pixels of words that are large and doubtful."""
    words = [row.word for row in found.rows]
    least = LARGE * _print_height(words)
    large = (word for word in words if word.box.height >= least)
    return [w.box.height for w in large if w.confidence < PRINT_READ and _lettered(w)]


def _known(found: Reading) -> list[Box]:
    """Return the boxes of the words that were surely read, large ones last."""
    words = [row.word for row in found.rows]
    least = LARGE * _print_height(words)
    small = [w.box for w in words if w.confidence >= PRINT_READ and w.box.height < least]
    return small + [w.box for w in words if w.confidence >= LARGE_READ and w.box.height >= least]


def _print_height(words: Sequence[Word]) -> float:
    """Return how high the words are that are surely read; infinity where there are none."""
    sure = [word for word in words if word.confidence >= PRINT_READ]
    return median([w.box.height for w in sure if _lettered(w, _PRINT_LETTERS)] or [math.inf])


def _lettered(word: Word, least: int = 1) -> bool:
    return sum(map(str.isalnum, word.text)) >= least
