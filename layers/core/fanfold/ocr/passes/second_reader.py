"""Have a page read by the second reader, too, where tesseract's reading leaves doubts.

On receipts, forms, photographs and small print the neural reader makes a half to a third of the
errors, and finds lines that layout analysis does not; on clean pages of books tesseract is better
and costs a fourth. What both read alike is hardly ever wrong.
"""

from __future__ import annotations

from dataclasses import replace

from fanfold.model import Readers
from fanfold.ocr.passes import agreement
from fanfold.ocr.passes.means import Means
from fanfold.ocr.recognise.reading import Reading

_DOUBTFUL = 75.0
"""Confidence below which a word of the first reader's is doubtful."""

_MANY = 0.07
"""Share of such words from which a page has a second reader."""


def wanted(found: Reading) -> bool:
    """Whether what tesseract read leaves doubts."""
    doubtful = sum(row.word.confidence < _DOUBTFUL for row in found.rows)
    return doubtful >= _MANY * len(found.rows)


def reread(found: Reading, means: Means) -> Reading:
    """Return what both readers say of a page, where there is a second one and a reason."""
    second = means.second
    if second is None or not (second.always or wanted(found)):
        return found
    seen = second.reader.read(found.drawing)
    readers = (*found.readers, Readers.NEURAL)
    return replace(found.saying(tuple(agreement.agreed(seen.rows, found.rows))), readers=readers)
