"""A page that is read from its picture: drawn, turned upright, recognised, passed and arranged."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fanfold.model import AUTO_LANGUAGES, Page, Source
from fanfold.ocr.isolation import fork, programs, room
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.passes import second_reader, table
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture import render
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import auto_language, barcodes, choice, first, upright
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
        found = _recognised(look, shown.read, shown)
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


def _second(task: Task, found: Reading) -> Second | None:
    """Return the page's second reader; None where it is not needed, or cannot read here.

    Where it can in the heavy lane, what was read is left for that.
    """
    second = choice.second(task, found.languages)
    if second is None or not second_reader.asked(found, second):
        return None
    if second.here and room.holds(second.bytes):
        return second
    if task.left and not task.heavy:
        Path(task.left).write_text(json.dumps(first.dump(found)), encoding="utf-8")
    return None


def _first(task: Task, drawing: Drawing) -> Reading:
    """Return what tesseract reads, or has read in the lane before this one.

    Raises PageErrors and Wanted.
    """
    with suppress(OSError, KeyError, TypeError, ValueError):
        given = json.loads(Path(task.given).read_text("utf-8")) if task.given else {}
        if given and (found := first.load(given, drawing, task.pixels)):
            auto_language.check(task, found)
            return found
    return upright.read(drawing, auto_language.recogniser(task), task.pixels)


def _recognised(look: Look, drawing: Drawing, shown: visible.Visible) -> Reading:
    """Read a drawing in the task's languages, and again where there is a reason.

    ``shown`` has what shows more of the page than ``drawing`` does.

    Raises what the recogniser raises on the first look; later ones never cost what was read.
    """
    task = replace(look.task, scan_dpi=look.scan_dpi)
    begun = fork.spent()
    found = _first(task, drawing)
    looked = fork.spent()
    worth = max(_LEAST_CPU, _WORTH * (looked - begun))
    settled = auto_language.settled(task, found)
    settled = replace(settled, until=task.last_look, cpu=looked + worth)

    def redraw(factor: float) -> Drawing | None:
        before = render.dpi(drawing, look.sheet)
        dpi = look.dpi(before * factor)
        return look.draw(dpi) if dpi >= _FINER * before else None

    second = _second(task, found)
    # Whoever goes on with it needs none of what costs time, and nor does who waits for that.
    spared = table.LOOKS if task.left and Path(task.left).exists() else ()
    whole = None if shown.all is drawing else shown.all
    means = Means(settled, task.pixels, redraw, whole, second, shown.over)
    return table.passed(found, means, look.watch, (*task.without, *spared))
