"""Pages that are partly text and partly pictures of text: figures, stamps, scanned inserts.

The text layer's words are painted over, and what is left is recognised: so nothing is there
twice, neither among the words nor in the searchable PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from fanfold.errors import PageError
from fanfold.geometry import Turn
from fanfold.model import AUTO_LANGUAGES, Block, Box, Page, Source
from fanfold.ocr.layer import text
from fanfold.ocr.passes import places
from fanfold.ocr.picture import candidates
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.painted import painted_out
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise import auto_language, tesseract
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Tesseract
from fanfold.ocr.structure import labels
from fanfold.ocr.structure.merge import merged
from fanfold.ocr.ways import visible
from fanfold.ocr.ways.look import Look
from fanfold.ocr.words import Row, blocks_of, moved

HOLDS_WORDS = 0.02
"""Share of the page under pictures from which they may hold words; most logos have less."""

_BELIEVED = 80.0
"""Minimum confidence of a word that a picture is believed to say."""

_LONG_LETTERS = 3
"""Minimum of letters in a long word: pictures without text give a word here and there, but hardly
ever a long one that is sure."""

_LONG_WORDS = 2
"""Minimum of long words in pictures that say anything."""


def read(look: Look, page: Page, *, figures: bool, beside: Sequence[Block] = ()) -> Page:
    """Add what else is to be read on a native page; in the end that costs it nothing that it has.

    ``figures`` says that there are pictures large enough to hold text of their own: all that is
    left without the layer's words is read. Otherwise places with letters that no word covers are
    read one by one, and all the rest only where the page is a picture. The page's invisible layer
    gets what is read, and words ``beside``, which are in points of the page as displayed.
    """
    try:
        with look.watch.lap("beside"):
            shown = None if not figures and _explained(look, page) else _shown(look, page)
        if shown is None:
            return page
        return _added(look, page, shown, figures=figures, beside=beside)
    except PageError as error:
        look.leave_to_the_heavy_lane(error)
        return replace(page, reason=f"{page.reason}; the rest could not be read")


class _Shown(NamedTuple):
    """Drawings of the page turned upright, how they were, and the words' boxes in their pixels.

    ``whole`` shows all that is on the page, ``drawing`` what pictures are read from best.
    """

    drawing: Drawing
    whole: Drawing
    turn: Turn
    known: tuple[Box, ...]


def _explained(look: Look, page: Page) -> bool:
    """Whether a small drawing shows next to no ink but that of the page's words."""
    small = look.small_colours().image
    scale = small.width / look.sheet.width
    return not candidates.find(small, [word.box.scaled(scale) for word in page.words])


def _shown(look: Look, page: Page) -> _Shown:
    grey = look.glance()
    seen = visible.look_at(look, grey)
    drawing, pixels = seen.read or grey, look.task.pixels
    scale = drawing.width / look.sheet.width
    upright, turn = turned(drawing, page.orientation, pixels)
    whole = upright
    if seen.all and seen.all is not drawing:
        whole, _ = turned(seen.all, page.orientation, pixels)
    forth = turn.inverse
    return _Shown(upright, whole, turn, tuple(forth.undo(w.box.scaled(scale)) for w in page.words))


def _added(
    look: Look, page: Page, shown: _Shown, *, figures: bool, beside: Sequence[Block]
) -> Page:
    """Return the page with what is read besides its words, and what of that stays unread."""
    drawing, reader = shown.drawing, _recogniser(look, page)
    with look.watch.lap("recognise"):
        scanned = look.pictures.share >= text.PAGE_OF_PICTURES and places.places(
            shown.whole, shown.known
        )
        rest = painted_out(drawing, shown.known) if figures or scanned else None
        rows = words(reader.read(rest)) if rest else ()
        known = [*shown.known, *(row.word.box for row in rows)]
        pixels, faint = look.task.pixels, rest is not None
        account = places.settle(shown.whole, known, reader, pixels, drawing, faint=faint)
    scale = look.sheet.width / (shown.turn.before[0] if shown.turn.angle else drawing.width)
    unread = tuple(shown.turn.undo(box).scaled(scale) for box in account.unread)
    page = replace(page, unread=unread)
    if not (found := places.merged(rows, account)):
        return page
    added, languages = blocks_of(found), reader.languages
    beside = _upright(beside, shown.turn, scale)
    blocks = look.recognised(added, shown.turn, scale, languages, instead=False, beside=beside)
    return replace(
        page,
        source=Source.MIXED,
        reason=f"{page.reason}; other words were recognised",
        blocks=_among(page.blocks, blocks, shown.turn, scale),
        dpi=drawing.dpi,
        languages=languages,
    )


def _upright(blocks: Sequence[Block], turn: Turn, scale: float) -> list[Block]:
    """Return blocks of the page as displayed in pixels of the turned drawing."""
    back = turn.inverse
    return [moved(block, lambda box: back.undo(box.scaled(1 / scale))) for block in blocks]


def _among(
    known: Sequence[Block], added: Sequence[Block], turn: Turn, scale: float
) -> tuple[Block, ...]:
    """Put what was recognised among the blocks of a layer, as the page lies when turned upright.

    All are in points of the page as displayed, ``scale`` of them to a pixel of the turned drawing.
    """
    both = (_upright(blocks, turn, scale) for blocks in (known, added))
    found = labels.paired(merged(*both))
    return tuple(moved(block, lambda box: turn.undo(box).scaled(scale)) for block in found)


def words(found: Reading) -> tuple[Row, ...]:
    """Return the rows that can be believed: none unless some long words are sure."""
    sure = [row for row in found.rows if row.word.confidence >= _BELIEVED]
    long = [row for row in sure if sum(map(str.isalnum, row.word.text)) >= _LONG_LETTERS]
    return tuple(sure) if len(long) >= _LONG_WORDS else ()


def _recogniser(look: Look, page: Page) -> Tesseract:
    """Return what reads the pictures of a native page: in its own language, if that is asked for.

    Where its data is not here yet, the default's will do.
    """
    task = look.task
    chosen = task.languages
    if chosen == AUTO_LANGUAGES:
        own = page.languages not in ("", *task.absent)
        chosen = page.languages if own else auto_language.default(task.candidates)
    return tesseract.for_task(replace(task, languages=chosen))
