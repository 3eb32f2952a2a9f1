"""Look at a page a second time where the first look leaves doubts: at another size, other layouts.

What a page's resolution says about the height of its words is often wrong (photographs, receipts,
small print), but the first look has measured it. Receipts and forms come out better with the page
taken for one block (page segmentation 6) and with a threshold of its own in every place
(Sauvola's). No look is best everywhere on a page: what they say is compared word by word, and what
the first look was sure of stands unless they agree on something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from fanfold.errors import PageError
from fanfold.ocr.passes import size, vote
from fanfold.ocr.passes.means import Means
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import Row, placed

DOUBTFUL = 80.0
"""Mean confidence below which a page is looked at again; clean scans stand above 90."""

_WAYS = (Way(width=1), Way(6, adaptive=True, width=1))


def wanted(found: Reading) -> bool:
    """Whether a page as a whole was read with doubts."""
    return found.confidence < DOUBTFUL


def reread(found: Reading, means: Means) -> Reading:
    """Return the best of ``found`` and of further looks; one that fails is the last."""
    further = list(_further(found, means))
    best, *others = sorted([found, *further], key=lambda look: look.score, reverse=True)
    rows = list(best.rows)
    for number, other in enumerate(others):
        rows = vote.merged(rows, other.rows, f"look{number}")
    return found.saying(tuple(vote.kept(rows, found.rows, [look.rows for look in further])))


def _further(first: Reading, means: Means) -> Iterator[Reading]:
    """Yield further readings, in pixels of the first one's drawing, until one is sure enough."""
    factor = size.factor(first, means.pixels)
    if not factor:
        return
    larger, best = size.resized(first.drawing, factor), first
    for way in _WAYS:
        if not wanted(best):
            break
        try:
            found = means.recogniser.read(larger, way)
        except PageError:  # for want of memory or time, say
            break
        found = first.saying(_shrunk(found, larger.width / first.drawing.width))
        yield found
        best = max(best, found, key=lambda look: look.score)


def _shrunk(found: Reading, factor: float) -> tuple[Row, ...]:
    return tuple(placed(found.rows, lambda box: box.scaled(1 / factor)))
