"""Read small print at a finer resolution than the page's other text needs.

Pages are first drawn at 150 dpi, which ordinary print reads well at for half the time; footnotes,
forms and dictionaries lose letters there, and tesseract says so. What it was unsure of tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from statistics import median

from fanfold.errors import PageError
from fanfold.model import Word
from fanfold.ocr.passes import doubtful, size, vote
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import WORD_HEIGHT, Way
from fanfold.ocr.words import Row, placed

SMALL = 15.0
"""Maximum height of a small word in pixels, ascenders to descenders. Common book faces of 10 and
11 points have 16 at 150 dpi."""

SMALL_DOUBTFUL = 75.0
"""Confidence below which a small word is doubtful."""

_SMALL_DOUBTFUL_WORDS, _SMALL_DOUBTFUL_SHARE = 5, 0.015
"""Minimum of small doubtful words that are worth a finer look, and of their share of all words.
Pages of a book have up to three, and a hundredth; dictionaries, forms and pages with small type
twice that."""

_FINER_WAY = Way(width=1)
_LETTERS_OF_SMALL_PRINT = 2
_FINEST = 3.0
"""Maximum of how much finer a page is drawn."""

_FINER_WITHOUT_WORDS = 2.0
"""How much finer to look where no word could be read."""


def wanted(found: Reading) -> bool:
    """Whether a page should be drawn finer than ``found`` was read at."""
    return finer(found) > 0


def reread(found: Reading, means: Means) -> Reading:
    """Return what is read of a finer drawing, where that can be had and more of it is legible.

    What was sure before stays, as in ``doubtful``.
    """
    if (fine := redrawn(found, means)) is None:
        return found
    seen = means.recogniser.read(fine.drawing, _FINER_WAY)
    if seen.legible <= found.legible:
        return found
    looks = [seen.rows, *_seconded(found, fine.drawing, means)]
    rows = vote.trusted(seen.rows, fine.rows, "coarse", looks)
    return replace(fine, rows=tuple(rows), languages=seen.languages)


def redrawn(found: Reading, means: Means) -> Reading | None:
    """Return ``found`` on a drawing that is fine enough for its print, if that can be had."""
    factor = finer(found)
    larger = means.redraw(factor) if factor else None
    if larger is None:
        return None
    picture, turn = turned(larger, found.turn.angle, means.pixels)
    grown = picture.width / found.drawing.width
    rows = tuple(placed(found.rows, lambda box: box.scaled(grown)))
    return replace(found, drawing=picture, displayed=larger, turn=turn, rows=rows)


def _seconded(found: Reading, picture: Drawing, means: Means) -> Iterator[tuple[Row, ...]]:
    """Yield what a second fine look says, in pixels of ``picture``, if ``found`` is of numbers."""
    if not doubtful.numerous(found):
        return
    smaller = size.resized(picture, doubtful.SMALLER)
    with suppress(PageError):  # for want of memory or time, say
        rows = means.recogniser.read(smaller, _FINER_WAY).rows
        yield tuple(placed(rows, lambda box: box.scaled(picture.width / smaller.width)))


def finer(found: Reading) -> float:
    """Return by how much finer a page should be drawn than ``found`` was read at; 0 if not."""
    if not found.legible:
        return _FINER_WITHOUT_WORDS
    words = [row.word for row in found.rows if _lettered(row.word)]
    small = _small(words)
    if len(small) < max(_SMALL_DOUBTFUL_WORDS, _SMALL_DOUBTFUL_SHARE * len(words)):
        return 0.0
    return min(_FINEST, WORD_HEIGHT / max(1.0, median(small)))


def _small(words: Sequence[Word]) -> list[float]:
    """Return the heights of words that are small and doubtful."""
    heights = (word.box.height for word in words if word.confidence < SMALL_DOUBTFUL)
    return [height for height in heights if height <= SMALL]


def _lettered(word: Word) -> bool:
    return sum(map(str.isalnum, word.text)) >= _LETTERS_OF_SMALL_PRINT
