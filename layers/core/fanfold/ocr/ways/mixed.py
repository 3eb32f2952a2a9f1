"""Pages that are partly text and partly pictures of text: figures, stamps, scanned inserts.

The text layer's words are painted over, and what is left is recognised: so nothing is there
twice, neither among the words nor in the searchable PDF.
"""

from __future__ import annotations

from dataclasses import replace

from fanfold.errors import PageError
from fanfold.model import AUTO_LANGUAGES, Page, Source
from fanfold.ocr.picture.painted import painted_out
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise import auto_language, tesseract
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Recogniser
from fanfold.ocr.structure.merge import merged
from fanfold.ocr.ways.look import Look
from fanfold.ocr.words import Row, blocks_of

PICTURE = 0.02
"""Share of the page under pictures from which they may hold words; most logos have less."""

_BELIEVED = 80.0
"""Minimum confidence of a word that a picture is believed to say."""

_LONG_LETTERS = 3
"""Minimum of letters in a long word: pictures without text give a word here and there, but hardly
ever a long one that is sure."""

_LONG_WORDS = 2
"""Minimum of long words in pictures that say anything."""


def read(look: Look, page: Page) -> Page:
    """Add what pictures on a native page say; in the end they cost it nothing that it has."""
    try:
        with look.watch.lap("render"):
            drawing = look.glance()
            scale = look.sheet.width / drawing.width
            known = [word.box.scaled(1 / scale) for word in page.words]
            rest = painted_out(drawing, known)
        if rest is None:
            return page
        with look.watch.lap("recognise"):
            picture, turn = turned(rest, page.orientation, look.task.pixels)
            found = _recogniser(look, page).read(picture)
    except PageError as error:
        look.leave_to_the_heavy_lane(error)
        return replace(page, reason=f"{page.reason}; the rest could not be read")
    if not (rows := words(found)):
        return page
    blocks = look.recognised(blocks_of(rows), turn, scale, instead=False)
    return replace(
        page,
        source=Source.MIXED,
        reason=f"{page.reason}; other words were recognised",
        blocks=merged(page.blocks, blocks),
        dpi=drawing.dpi,
        languages=found.languages,
    )


def words(found: Reading) -> tuple[Row, ...]:
    """Return the rows that can be believed: none unless some long words are sure."""
    sure = [row for row in found.rows if row.word.confidence >= _BELIEVED]
    long = [row for row in sure if sum(map(str.isalnum, row.word.text)) >= _LONG_LETTERS]
    return tuple(sure) if len(long) >= _LONG_WORDS else ()


def _recogniser(look: Look, page: Page) -> Recogniser:
    """Return what reads the pictures of a native page: in its own language, if that is asked for.

    Where its data is not here yet, the default's will do.
    """
    task = look.task
    chosen = task.languages
    if chosen == AUTO_LANGUAGES:
        own = page.languages not in ("", *task.absent)
        chosen = page.languages if own else auto_language.default(task.candidates)
    return tesseract.for_task(replace(task, languages=chosen))
