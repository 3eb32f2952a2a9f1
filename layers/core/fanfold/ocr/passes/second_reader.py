"""Have a page read by the second reader, too, where tesseract's reading leaves doubts.

On receipts, forms, photographs and small print the neural reader makes a half to a third of the
errors, and finds lines that layout analysis does not; on clean pages of books tesseract is better
and costs a fourth. What both read alike is hardly ever wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from fanfold.model import Readers, Word
from fanfold.ocr.passes import agreement, small_print
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
"""Maximum of a page's width over its height: banners are made so small to find their lines that
letters are lost. Rolls are looked at piece by piece."""

_FEW, _SHARE_OF_FEW = 7, 0.2
"""Minimum of doubtful words that are worth a whole look, but for this share of the page's words:
of a page that was hardly read there are few."""

_COARSE = 640
"""Pixels of a drawing's width below which small print is drawn anew: of a roll, which may be so
long that all of it must be coarse at first."""

_LETTERS_TO_MEASURE, _WORDS_TO_MEASURE = 5, 15
"""Minimum of signs in a word whose letters' width is measured, and of such words on a page."""

_GAP_SHARE = 0.35
"""What a word's box lacks of its last letter's place, in such places."""

_SAME_WIDTH, _SHARE_OF_ONE_WIDTH = 0.05, 0.75
"""Maximum of how far words' widths of a letter are from their median, as share of it, where all
letters have one width, and which share of the words must keep to it: of typescripts, tills and line
printers they are within 0.031, of other print hardly within 0.095."""


def wanted(found: Reading) -> bool:
    """Whether what tesseract read leaves doubts, or is typewritten: it is sure of errors there."""
    words = [
        row.word for row in found.rows if sum(map(str.isalnum, row.word.text)) >= _LETTERS_TO_COUNT
    ]
    if not words or _is_typewritten(words):
        return True
    doubtful = sum(word.confidence < _DOUBTFUL for word in words)
    if doubtful < _FEW:
        return doubtful >= _SHARE_OF_FEW * len(words)
    return doubtful >= _SHARE * len(words)


def _is_typewritten(words: Sequence[Word]) -> bool:
    """Whether all letters have one width."""
    widths = [
        word.box.width / (len(word.text) - _GAP_SHARE)
        for word in words
        if len(word.text) >= _LETTERS_TO_MEASURE and word.confidence >= _DOUBTFUL
    ]
    if len(widths) < _WORDS_TO_MEASURE:
        return False
    usual = median(widths)
    alike = sum(abs(width - usual) <= _SAME_WIDTH * usual for width in widths)
    return alike >= _SHARE_OF_ONE_WIDTH * len(widths)


def asked(found: Reading, second: Second) -> bool:
    """Whether the second reader is to read what the first one has."""
    width, height = found.drawing.size
    return width <= _MAXIMUM_RATIO * height and (second.always or wanted(found))


def reread(found: Reading, means: Means) -> Reading:
    """Return what both readers say of a page that has a second one, drawn finer if need be."""
    if means.second is None:
        return found
    coarse = found.drawing.width < _COARSE
    fine = (small_print.redrawn(found, means) if coarse else None) or found
    seen = means.second.reader.read(fine.drawing)
    both = fine.saying(tuple(agreement.agreed(seen.rows, fine.rows)))
    return replace(both, readers=(*found.readers, Readers.NEURAL))
