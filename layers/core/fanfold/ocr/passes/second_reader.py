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
from fanfold.ocr.recognise.choice import Second
from fanfold.ocr.recognise.reading import Reading

_DOUBTFUL = 75.0
"""Confidence below which a word of the first reader's is doubtful."""

_LETTERS_TO_COUNT = 2
"""Minimum of letters and digits in a word that counts."""

_SHARE = 0.07
"""Minimum share of doubtful words. Clean pages of books have up to 0.056, receipts from 0.1 on."""

_MAXIMUM_RATIO = 6
"""Maximum of a page's sides, the longer by the shorter: long rolls and banners are made so small to
find their lines that letters are lost."""

_FEW, _SHARE_OF_FEW = 7, 0.2
"""Minimum of doubtful words that are worth a whole look, but for this share of the page's words:
of a page that was hardly read there are few."""


def wanted(found: Reading) -> bool:
    """Whether what tesseract read leaves doubts."""
    words = [
        row.word for row in found.rows if sum(map(str.isalnum, row.word.text)) >= _LETTERS_TO_COUNT
    ]
    if not words:
        return True
    doubtful = sum(word.confidence < _DOUBTFUL for word in words)
    if doubtful < _FEW:
        return doubtful >= _SHARE_OF_FEW * len(words)
    return doubtful >= _SHARE * len(words)


def asked(found: Reading, second: Second) -> bool:
    """Whether the second reader is to read what the first one has."""
    sides = found.drawing.size
    if max(sides) > _MAXIMUM_RATIO * min(sides):
        return False
    return second.always or wanted(found)


def reread(found: Reading, means: Means) -> Reading:
    """Return what both readers say of a page that has a second one."""
    if means.second is None:
        return found
    seen = means.second.reader.read(found.drawing)
    both = found.saying(tuple(agreement.agreed(seen.rows, found.rows)))
    return replace(both, readers=(*found.readers, Readers.NEURAL))
