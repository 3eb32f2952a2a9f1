"""Look once more at what is larger than a page's print and was read badly: handwriting in forms.

The size that suits the print of a page is too large for what was written or stamped into it, and
among lines of print page segmentation mistakes where its lines are. Without what was surely read,
taken for scattered words (page segmentation 11) and made smaller, more of it comes out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from fanfold.errors import PageError
from fanfold.model import Word
from fanfold.ocr.passes import doubtful, vote
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recogniser, Recognition, Way
from fanfold.ocr.ways import mixed
from fanfold.ocr.words import placed

SURE = 75.0
"""Confidence from which a word of the page's own size counts as read."""

SURE_IF_LARGE = 90.0
"""The same for larger words: a part of a line of them is often read well, and wrong."""

LARGE = 1.5
"""Words are large that are so many times as high as the page's print. At 1.2 the print of
receipts, which has several sizes, is looked at, and comes out no better."""

HEIGHT = 40.0
"""Pixels to make such words, ascenders to descenders; at 26 or 50 fewer come out."""

SURER = 30.0
"""By how much surer than those of the other looks the words must be."""

_MANY = 3
"""Large doubtful words that are worth a look: a book page has an initial or a smudge."""

_LETTERS = 3
_TWO = 2
"""Letters of a word that the look may add: single ones come out of the ends of strokes."""

_SCATTERED = Way(segmentation=11)
_OWN = "large"


def more(found: Recognition, picture: Drawing, recogniser: Recogniser) -> Recognition:
    """Return ``found``, read from ``picture``, with what a look at the large words adds.

    What was read stands whatever becomes of that look.
    """
    words = [row.word for row in found.rows]
    least = LARGE * _print_height(words)
    large = [word for word in words if word.box.height >= least]
    heights = [word.box.height for word in large if word.confidence < SURE and _lettered(word)]
    if len(heights) < _MANY:
        return found
    known = [word.box for word in words if word.confidence >= SURE and word.box.height < least]
    known += [word.box for word in large if word.confidence >= SURE_IF_LARGE]
    factor = min(1.0, HEIGHT / median(heights))
    try:
        if (rest := mixed.rest(picture, known, 1.0)) is None:
            return found
        seen = recogniser.read(doubtful.scaled(rest, factor), _SCATTERED)
    except PageError:
        return found
    longer = (row for row in seen.rows if _lettered(row.word, _TWO))
    rows = tuple(placed(longer, lambda box: box.scaled(1 / factor)))
    return found._replace(rows=tuple(vote.merged(found.rows, rows, _OWN, SURER)))


def _print_height(words: Sequence[Word]) -> float:
    """Return how high the words are that are surely read; infinity where there are none."""
    sure = [word for word in words if word.confidence >= SURE]
    return median([w.box.height for w in sure if _lettered(w, _LETTERS)] or [math.inf])


def _lettered(word: Word, least: int = 1) -> bool:
    return sum(map(str.isalnum, word.text)) >= least
