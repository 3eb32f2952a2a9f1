"""Look at a page a second time where the first look leaves doubts: at another size, other layouts.

What a page's resolution says about the height of its words is often wrong (photographs, receipts,
small print), but the first look has measured it. Receipts and forms come out better with the page
taken for one block (page segmentation 6) and with a threshold of its own in every place
(Sauvola's). No look is best everywhere on a page: what they say is compared word by word, and what
the first look was sure of stands unless they agree on something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fanfold.errors import PageError
from fanfold.ocr.passes import size, vote
from fanfold.ocr.passes.means import Means
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import Row, placed

DOUBTFUL_PAGE = 80.0
"""Mean confidence below which a page is looked at again; clean scans stand above 90."""

NUMBER_HEIGHT = 16.0
"""Maximum height in pixels of numbers that lose their points: recognition is as sure of 7585 as of
758.5, for no dictionary says which of them is meant."""

_TABLE_OF_NUMBERS, _NUMBERS_SHARE = 30, 0.3
"""Minimum of such numbers on a page, and of their share of its words: a table of them."""

_DIGITS = 3

SMALLER = 0.8
"""Share of the best size that a table of numbers is looked at once more."""


class _Look(NamedTuple):
    """A way to look, and at which share of the size that words are read best at."""

    way: Way
    size: float = 1.0


_LOOKS_AT_TEXT = (_Look(Way(width=1)), _Look(Way(6, adaptive=True, width=1)))
_LOOKS_AT_TABLES = (_Look(Way(width=1)), _Look(Way(width=1), SMALLER))
"""Of numbers the whole page as one block loses half; two sizes seldom err alike."""


def wanted(found: Reading) -> bool:
    """Whether a page as a whole was read with doubts, or is a table of small numbers."""
    return _unsure(found) or numerous(found)


def _unsure(found: Reading) -> bool:
    return found.confidence < DOUBTFUL_PAGE


def numerous(found: Reading) -> bool:
    """Whether a page is a table of numbers that are so small that a second opinion is needed."""
    words = [row.word for row in found.rows]
    small = sum(_is_number(w.text) and w.box.height <= NUMBER_HEIGHT for w in words)
    return small >= max(_TABLE_OF_NUMBERS, _NUMBERS_SHARE * len(words))


def _is_number(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits >= _DIGITS and 2 * digits > len(text)


def reread(found: Reading, means: Means) -> Reading:
    """Return the best of ``found`` and of further looks; one that fails is the last."""
    further = list(_further(found, means))
    best, *others = sorted([found, *further], key=lambda look: look.score, reverse=True)
    if further and numerous(found):  # what is small counts last, however sure
        best, *others = *(look for look in (best, *others) if look is not found), found
    rows = list(best.rows)
    for number, other in enumerate(others):
        rows = vote.merged(rows, other.rows, f"look{number}")
    return found.saying(tuple(vote.kept(rows, found.rows, [look.rows for look in further])))


def _further(first: Reading, means: Means) -> Iterator[Reading]:
    """Yield further readings, in pixels of the first one's drawing, until one is sure enough.

    A table of numbers is looked at twice, for nothing but another look speaks for a number.
    """
    factor = size.factor(first, means.pixels)
    if not factor:
        return
    table, best = numerous(first), first
    for number, look in enumerate(_LOOKS_AT_TABLES if table else _LOOKS_AT_TEXT):
        if number and not (table or _unsure(best)):
            break
        larger = size.resized(first.drawing, factor * look.size)
        try:
            found = means.recogniser.read(larger, look.way)
        except PageError:  # for want of memory or time, say
            break
        found = first.saying(_shrunk(found, larger.width / first.drawing.width))
        yield found
        best = max(best, found, key=lambda look: look.score)


def _shrunk(found: Reading, factor: float) -> tuple[Row, ...]:
    return tuple(placed(found.rows, lambda box: box.scaled(1 / factor)))
