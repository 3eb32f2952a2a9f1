"""Read one page: its text layer if that can be trusted, recognition otherwise. In the child."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from fanfold import pagejson
from fanfold.errors import PageError
from fanfold.formats.searchable import layer_write
from fanfold.model import AUTO_LANGUAGES, Block, Codes, Mode, Page, Source
from fanfold.ocr.isolation.task import Stopwatch, Task
from fanfold.ocr.layer import checks
from fanfold.ocr.layer import images as page_images
from fanfold.ocr.layer import sheet as sheets
from fanfold.ocr.layer import text as text_layer
from fanfold.ocr.layer.images import Pictures
from fanfold.ocr.layer.sheet import Sheet
from fanfold.ocr.layer.text import TextLayer
from fanfold.ocr.passes import review as reviewing
from fanfold.ocr.passes import table as pass_table
from fanfold.ocr.picture import grids as ruled_grids
from fanfold.ocr.picture import ink, render
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.picture.turn import Turn, turned
from fanfold.ocr.recognise import auto_language, barcodes, language_id, models, tesseract
from fanfold.ocr.recognise.tesseract import Recogniser
from fanfold.ocr.structure import aligned_tables, columns, headings, ruled_tables
from fanfold.ocr.ways import mixed
from fanfold.ocr.words import blocks_of, moved, placed

_NOTHING = "nothing on the page"

_FINER = 1.25
"""Drawings are worth another look that are so many times as fine."""


def prepare(
    library: str,
    tessdata: str | None,
    languages: str,
    candidates: Sequence[str] = (),
    expected: str = "",
    **_rest: object,
) -> None:
    """Load what reading will need, before the fork: of what is installed, not of the document."""
    if languages == AUTO_LANGUAGES:
        language_id.model()
        languages = auto_language.default(candidates)
    for each in filter(None, (expected, languages)):
        models.get(library, tessdata, each)


def read(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    """Read the page that ``arguments``, the fields of a Task, describe; return it as JSON.

    Where a language must be fetched first, that is ``{"wanted": "pol"}``.
    Raises PageError subclasses.
    """
    watch = Stopwatch()
    try:
        with watch.lap("total"):
            page = _read(Task(**arguments), watch)
    except auto_language.Wanted as missing:
        return {"wanted": missing.language}
    inked = page.dpi > 0 and page.reason != _NOTHING and not page.codes
    page = replace(page, review=reviewing.why(page, inked=inked))
    return pagejson.dump(replace(page, timings=watch.laps))


def _read(task: Task, watch: Stopwatch) -> Page:
    with watch.lap("native"):
        paper = sheets.look(task.source)
        sheet, seen = paper.sheet, page_images.NONE
        layer = TextLayer()
        if task.mode != Mode.OCR and paper.lettered:
            layer = text_layer.read(task.source, task.poppler, sheet.width, sheet.height)
        if paper.pictured:
            seen = page_images.look(task.source, task.poppler, paper)
        judgement = text_layer.judge(Mode(task.mode), layer)
    if task.tessdata:
        os.environ["TESSDATA_PREFIX"] = task.tessdata
    checked = checks.made(checks.Leaf(task, paper, seen), layer, judgement, watch)
    layer, judgement = checked.layer, checked.judgement
    if not judgement.trusted:
        page = _ocr(task, sheet, seen, judgement.reason, watch)
        return replace(page, layer_text=layer.text if layer.legible else "")
    source = checked.source
    blocks: Sequence[Block] = layer.blocks
    if paper.ruled and blocks and not layer.turn:
        with watch.lap("tables"):
            blocks = _ruled(task, sheet, blocks)
    ordered = aligned_tables.tables(columns.parted(blocks))
    blocks = layer.displayed(headings.arrange(ordered, tight=False))
    page = _page(task, sheet, source, judgement.reason, blocks)
    page = replace(page, orientation=layer.turned, unseen=checked.unseen)
    if task.languages == AUTO_LANGUAGES:
        text = " ".join(word.text for word in page.words)
        page = replace(page, languages=auto_language.of_text(text, task.candidates))
    figures = mixed.PICTURE <= seen.share < text_layer.PICTURE
    if task.mode == Mode.AUTO and (figures or judgement.partly):
        page = _mixed(task, sheet, page, watch)
    if task.codes == Codes.ON or seen.share >= barcodes.PICTURE:
        with watch.lap("codes"):
            page = replace(page, codes=barcodes.find(task, sheet, None))
    return page


def _leave_to_the_heavy_lane(task: Task, error: PageError) -> None:
    """Raise ``error`` again where more memory, space or time may help and is to be had."""
    if error.heavier and not task.heavy:
        raise error


def _ocr(task: Task, sheet: Sheet, seen: Pictures, reason: str, watch: Stopwatch) -> Page:
    scan_dpi = seen.dpi if seen.share >= text_layer.PICTURE else 0.0
    dpi = render.choose_dpi(sheet, scan_dpi, task.pixels)
    with watch.lap("render"):
        drawing = render.draw(task.source, task.poppler, sheet, dpi, Path.cwd())
        shown = ink.of(drawing)
    if ink.none(shown):
        return replace(_page(task, sheet, Source.BLANK, _NOTHING, ()), dpi=dpi)
    with watch.lap("recognise"):
        finer = partial(_finer, task, sheet, scan_dpi, drawing)
        scan = replace(task, scan_dpi=scan_dpi)
        found, grids, drawing = pass_table.read(scan, drawing, shown, finer)
    with watch.lap("codes"):
        seen_codes = barcodes.find(task, sheet, drawing)
    scale = sheet.width / drawing.width
    rows = barcodes.spared(
        found.recognition.rows, seen_codes, lambda box: found.turn.undo(box).scaled(scale)
    )
    blocks = aligned_tables.tables(columns.parted(ruled_tables.gather(rows, grids)))
    blocks = _kept(blocks, found.turn, scale, task.layer)
    given = task.languages != AUTO_LANGUAGES
    return replace(
        _page(task, sheet, Source.OCR if blocks else Source.BLANK, reason, blocks),
        dpi=render.dpi(drawing, sheet),
        codes=seen_codes,
        languages=found.recognition.languages if blocks or given else "",
        orientation=found.orientation,
        skew=found.skew,
    )


def _ruled(task: Task, sheet: Sheet, blocks: Sequence[Block]) -> Sequence[Block]:
    """Return a text layer's blocks, those in ruled tables as tables; without them if they fail."""
    try:
        dpi = render.choose_dpi(sheet, 0.0, task.pixels)
        drawing = render.draw(task.source, task.poppler, sheet, dpi, Path.cwd())
        grids = ruled_grids.look(drawing, ink.of(drawing))
    except PageError:
        return blocks
    scale = sheet.width / drawing.width
    rows = tuple(placed(ruled_tables.rows(blocks), lambda box: box.scaled(1 / scale)))
    fitting = [one for one in grids if ruled_tables.fits(rows, one)]
    gathered = ruled_tables.gather(rows, fitting) if fitting else ()
    if not any(block.table for block in gathered):
        return blocks
    return [moved(block, lambda box: box.scaled(scale)) for block in gathered]


def _finer(
    task: Task, sheet: Sheet, scan_dpi: float, drawing: Drawing, factor: float
) -> Drawing | None:
    """Draw a page ``factor`` times as fine as ``drawing``, if its scan and its pixels allow it."""
    before = render.dpi(drawing, sheet)
    dpi = render.choose_dpi(sheet, scan_dpi, task.pixels, least=before * factor)
    if dpi < _FINER * before:
        return None
    folder = Path.cwd() / "finer"
    folder.mkdir(exist_ok=True)
    return render.draw(task.source, task.poppler, sheet, dpi, folder)


def _mixed(task: Task, sheet: Sheet, page: Page, watch: Stopwatch) -> Page:
    """Add what pictures on a native page say; in the end they cost it nothing that it has."""
    try:
        with watch.lap("render"):
            dpi = render.choose_dpi(sheet, 0.0, task.pixels)
            drawing = render.draw(task.source, task.poppler, sheet, dpi, Path.cwd())
            scale = sheet.width / drawing.width
            rest = mixed.rest(drawing, [word.box for word in page.words], scale)
        if rest is None:
            return page
        with watch.lap("recognise"):
            picture, turn = turned(rest, page.orientation, task.pixels)
            found = _for_pictures(task, page).read(picture)
    except PageError as error:
        _leave_to_the_heavy_lane(task, error)
        return replace(page, reason=f"{page.reason}; the rest could not be read")
    if not (rows := mixed.words(found)):
        return page
    blocks = _kept(blocks_of(rows), turn, scale, task.layer, instead=False)
    return replace(
        page,
        source=Source.MIXED,
        reason=f"{page.reason}; other words were recognised",
        blocks=mixed.merge(page.blocks, blocks),
        dpi=dpi,
        languages=found.languages,
    )


def _for_pictures(task: Task, page: Page) -> Recogniser:
    """Return what reads the pictures of a native page: in its own language, if that is asked for.

    Where its data is not here yet, the default's will do.
    """
    chosen = task.languages
    if chosen == AUTO_LANGUAGES:
        own = page.languages not in ("", *task.absent)
        chosen = page.languages if own else auto_language.default(task.candidates)
    return tesseract.for_task(replace(task, languages=chosen))


def _kept(
    blocks: Sequence[Block], turn: Turn, scale: float, layer: str, *, instead: bool = True
) -> tuple[Block, ...]:
    """Return blocks of the page as displayed, and write their words to its invisible layer.

    ``blocks`` are in pixels of the picture that was turned by ``turn``, ``scale`` points per pixel.
    """
    if blocks:
        layer_write.write(Path(layer), blocks, turn, scale, instead=instead)
    return tuple(
        moved(block, lambda box: turn.undo(box).scaled(scale))
        for block in headings.arrange(blocks, tight=True)
    )


def _page(task: Task, sheet: Sheet, source: Source, reason: str, blocks: tuple[Block, ...]) -> Page:
    return Page(
        number=task.number,
        width=sheet.width,
        height=sheet.height,
        source=source,
        reason=reason,
        blocks=blocks,
        rotation=sheet.rotation,
    )
