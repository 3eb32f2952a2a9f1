"""Look once more at what the first look left unread: numbers beside the lines, words in forms.

Tesseract takes lone words for noise, columns of numbers for pictures and text close to a frame for
a part of it. What was read is painted over, and the rest is read as one block: in forms a fortieth
of all words more come out, for a third of the first look's time; a book page has too little left.
"""

from __future__ import annotations

from collections.abc import Iterable

from fanfold.ocr.passes.means import Means
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.painted import painted_out
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import Row

WORD_READ = 50.0
"""Confidence from which a word counts as read; others give way to surer ones in their place."""

ADDED_LONG = 60.0
"""Minimum confidence of a word that is added, and of the look as a whole for its short ones."""

ADDED_SHORT = 90.0
"""Minimum confidence of a word with less than three letters where most of the look is junk:
figures are full of them."""

_LETTERS_OF_A_LONG_WORD = 3
_UNREAD_SHARE = 0.08
"""Minimum share of the tiles with ink like text that are unread; pages of books have 0.00 to
0.05."""

_UNREAD_TILES = 40
"""Minimum of such tiles, an eighth of an inch each."""


def wanted(found: Reading) -> bool:
    """Whether there is much ink like text where nothing was read, on a page of which some was.

    Where no word was read at all the rest is the whole page, noise included: that takes ``places``.
    """
    drawing = found.drawing
    known = _known(found)
    if not known:
        return False
    boxes = (row.word.box.scaled(drawing.ink_scale) for row in known)
    tiles = ink.tiles(drawing.ink, boxes)
    unread = tiles.count(False)
    return unread >= _UNREAD_TILES and unread >= _UNREAD_SHARE * len(tiles)


def reread(found: Reading, means: Means) -> Reading:
    """Return ``found`` with the words that a look at the rest of its drawing adds."""
    known = _known(found)
    rest = painted_out(found.drawing, [row.word.box for row in known])
    if rest is None:
        return found
    seen = means.recogniser.read(rest, Way(segmentation=6))
    short = ADDED_LONG if seen.confidence >= ADDED_LONG else ADDED_SHORT
    added = [row for row in seen.rows if _counts(row, short) and not _hit(row, known)]
    kept = [row for row in found.rows if row.word.confidence >= WORD_READ or not _hit(row, added)]
    return found.saying(tuple(woven(kept, added, "unread")))


def _known(found: Reading) -> list[Row]:
    return [row for row in found.rows if row.word.confidence >= WORD_READ]


def _counts(row: Row, short: float) -> bool:
    letters = sum(map(str.isalnum, row.word.text))
    return (
        row.word.confidence >= (ADDED_LONG if letters >= _LETTERS_OF_A_LONG_WORD else short)
        and letters > 0
    )


def _hit(row: Row, others: Iterable[Row]) -> bool:
    """Whether the middle of a word lies in one of the others."""
    return any(row.word.box.inside(other.word.box) for other in others)
