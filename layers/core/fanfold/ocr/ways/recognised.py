"""A page that is read from its picture: drawn, turned upright, recognised, passed and arranged."""

from __future__ import annotations

from dataclasses import replace

from fanfold.errors import OutOfMemory
from fanfold.model import AUTO_LANGUAGES, Page, Source
from fanfold.ocr.isolation import fork, programs, room
from fanfold.ocr.passes import second_reader, table
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture import render
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import auto_language, barcodes, choice, upright
from fanfold.ocr.recognise.choice import Second
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.structure import ruled_tables
from fanfold.ocr.structure.blocks import ordered
from fanfold.ocr.ways import visible
from fanfold.ocr.ways.look import Look

NOTHING = "nothing on the page"

_BEYOND_ITS_DATA = "JBIG2 data draws more than it can say"
"""What is told of a picture that is drawn as noise: its decoder was out of step."""

_FINER = 1.25
"""Minimum of how many times as fine a drawing must be to be worth another look."""

_WORTH = 4.0
"""Maximum of CPU that all further looks at a page take, in times of what the first one took."""

_LEAST_CPU = 6.0
"""Seconds that they may take in any case: a first look that found nothing was a short one."""


def read(look: Look, reason: str) -> Page:
    """Read the page's picture; ``reason`` says why. Raises PageErrors and Wanted."""
    with look.watch.lap("render"):
        drawing = look.draw(look.dpi())
        shown = visible.look_at(look, drawing)
    if shown.read is None:
        return replace(look.page(Source.BLANK, NOTHING), dpi=render.dpi(drawing, look.sheet))
    if look.is_picture and look.paper.packed and not look.paper.packed.holds(drawing.image):
        programs.hear(_BEYOND_ITS_DATA)
    with look.watch.lap("recognise"):
        found = _recognised(look, shown.read, shown.all)
    with look.watch.lap("codes"):
        codes = barcodes.find(look.task, look.sheet, found.displayed)
    width = look.sheet.width
    rows = barcodes.spared(found.rows, codes, lambda box: found.place(box, width))
    gathered = ruled_tables.gather(rows, found.grids)
    blocks = ordered(gathered, look.watch, look.task.without)
    words = look.recognised(blocks, found.turn, width / found.displayed.width, found.languages)
    given = look.task.languages != AUTO_LANGUAGES
    return replace(
        look.page(Source.OCR if words else Source.BLANK, reason, words),
        dpi=render.dpi(found.displayed, look.sheet),
        codes=codes,
        languages=found.languages if words or given else "",
        readers=found.readers if len(found.readers) > 1 else (),
        orientation=found.orientation,
        skew=found.skew,
        unread=tuple(found.place(box, width) for box in found.unread),
    )


def _second(look: Look, found: Reading) -> Second | None:
    """Return the page's second reader; None where it is not needed, or has no room.

    Raises OutOfMemory where it has that in the heavy lane.
    """
    second = choice.second(look.task, found.languages)
    if second is None or not second_reader.asked(found, second):
        return None
    if not room.holds(second.bytes):
        look.leave_to_the_heavy_lane(OutOfMemory())
        return None
    return second


def _recognised(look: Look, drawing: Drawing, whole: Drawing | None) -> Reading:
    """Read a drawing in the task's languages, and again where there is a reason.

    ``whole`` shows all of the page, where ``drawing`` does not.

    Raises what the recogniser raises on the first look; later ones never cost what was read.
    """
    task = replace(look.task, scan_dpi=look.scan_dpi)
    begun = fork.spent()
    found = upright.read(drawing, auto_language.recogniser(task), task.pixels)
    looked = fork.spent()
    worth = max(_LEAST_CPU, _WORTH * (looked - begun))
    settled = auto_language.settled(task, found)
    settled = replace(settled, until=task.last_look, cpu=looked + worth)

    def redraw(factor: float) -> Drawing | None:
        before = render.dpi(drawing, look.sheet)
        dpi = look.dpi(before * factor)
        return look.draw(dpi) if dpi >= _FINER * before else None

    second = _second(look, found)
    means = Means(settled, task.pixels, redraw, None if whole is drawing else whole, second)
    return table.passed(found, means, look.watch, task.without)
