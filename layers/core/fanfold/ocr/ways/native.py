"""A page whose text layer stands for what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fanfold.errors import PageError
from fanfold.geometry import Turn
from fanfold.model import AUTO_LANGUAGES, Block, Code, Codes, Mode, Page
from fanfold.ocr.layer import text
from fanfold.ocr.picture import grids
from fanfold.ocr.recognise import auto_language, barcodes
from fanfold.ocr.structure import headings, ruled_tables, table_heads
from fanfold.ocr.structure.blocks import ordered
from fanfold.ocr.ways import mixed
from fanfold.ocr.ways.checks import Checked
from fanfold.ocr.ways.look import Look
from fanfold.ocr.words import moved, placed


def read(checked: Checked) -> Page:
    """Take the page's words from its layer, and what its pictures say from them."""
    look, judgement = checked.look, checked.judgement
    task, layer = look.task, look.layer
    blocks: Sequence[Block] = layer.blocks
    if look.paper.ruled and blocks and not layer.turn:
        with look.watch.lap("tables"):
            blocks = _ruled(look, blocks)
    arranged = headings.arrange(ordered(blocks, look.watch, task.without), tight=False)
    arranged = tuple(table_heads.told(arranged))
    page = look.page(checked.source, judgement.reason, layer.displayed(arranged))
    page = replace(page, orientation=layer.turned, unseen=checked.unseen)
    if checked.recognised:
        turn = Turn.none((page.width, page.height))
        look.recognised((), turn, 1, "", instead=False, beside=checked.recognised)
    if task.languages == AUTO_LANGUAGES:
        said = " ".join(word.text for word in page.words)
        page = replace(page, languages=auto_language.of_text(said, task.candidates))
    figures = judgement.partly or mixed.HOLDS_WORDS <= look.pictures.share < text.PAGE_OF_PICTURES
    drawn = look.paper.drawn or checked.recognised
    if task.mode == Mode.AUTO and (figures or look.pictures.share or drawn):
        page = mixed.read(look, page, figures=figures, beside=checked.recognised)
    if task.codes == Codes.ON or look.pictures.share >= barcodes.SEARCHED_PICTURES:
        with look.watch.lap("codes"):
            page = replace(page, codes=_codes(look))
    return page


def _codes(look: Look) -> tuple[Code, ...]:
    """Search what was drawn of the page for codes; they cost it nothing."""
    try:
        drawing = None if look.task.codes == Codes.ON else look.glance()
    except PageError:
        return ()
    return barcodes.find(look.task, look.sheet, drawing)


def _ruled(look: Look, blocks: Sequence[Block]) -> Sequence[Block]:
    """Return a text layer's blocks, those in ruled tables as tables; without them if they fail."""
    try:
        drawing = look.glance()
    except PageError:
        return blocks
    scale = look.sheet.width / drawing.width
    rows = tuple(placed(ruled_tables.rows(blocks), lambda box: box.scaled(1 / scale)))
    gathered = ruled_tables.gather(rows, grids.look(drawing))
    if not any(block.table for block in gathered):
        return blocks
    return [moved(block, lambda box: box.scaled(scale)) for block in gathered]
