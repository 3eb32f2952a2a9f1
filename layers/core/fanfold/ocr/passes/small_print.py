"""Read small print at a finer resolution than the page's other text needs.

Pages are first drawn at 150 dpi, which ordinary print reads well at for half the time; footnotes,
forms and dictionaries lose letters there, and tesseract says so. What it was unsure of tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from fanfold.model import Word
from fanfold.ocr.passes import doubtful
from fanfold.ocr.recognise.tesseract import Recognition

SMALL = 15.0
"""Pixels, ascenders to descenders, up to which a word is small. Common book faces of 10 and 11
points have 16 at 150 dpi."""

DOUBTFUL = 75.0
"""Confidence below which a word is doubtful."""

_MANY, _SHARE = 5, 0.015
"""Small doubtful words that are worth a finer look, and their share of all words. Pages of a book
have up to three, and a hundredth; dictionaries, forms and pages with small type twice that."""

_LETTERS = 2
_MOST = 3.0
_UNKNOWN = 2.0
"""How much finer to look where no word could be read."""


def wanted(found: Recognition) -> float:
    """Return by how much finer a page should be drawn than ``found`` was read at; 0 if not."""
    if not found.legible:
        return _UNKNOWN
    words = [row.word for row in found.rows if _lettered(row.word)]
    small = _small(words)
    if len(small) < max(_MANY, _SHARE * len(words)):
        return 0.0
    return min(_MOST, doubtful.WORD_HEIGHT / max(1.0, median(small)))


def _small(words: Sequence[Word]) -> list[float]:
    """Return the heights of words that are small and doubtful."""
    heights = (word.box.height for word in words if word.confidence < DOUBTFUL)
    return [height for height in heights if height <= SMALL]


def _lettered(word: Word) -> bool:
    return sum(map(str.isalnum, word.text)) >= _LETTERS
