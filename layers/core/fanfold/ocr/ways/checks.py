"""What a legible text layer goes through before it stands for its page.

Two layers over each other, single letters over a scan, words that nobody can see, words that do
not lie on what the page shows, letters that are wrong ones, glyphs without letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

from fanfold.errors import PageError, PageUnreadable
from fanfold.formats.searchable import hidden_text
from fanfold.model import AUTO_LANGUAGES, Block, Box, Mode, Source, Unseen, Word
from fanfold.ocr.layer import glyphs, hiding, sample, tables, text, trust, unseen
from fanfold.ocr.layer.hiding import Signs
from fanfold.ocr.layer.text import DOUBLED, SINGLE_LETTERS, Judgement, TextLayer
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import auto_language, tesseract
from fanfold.ocr.recognise.tesseract import Tesseract, Way
from fanfold.ocr.ways.look import Look
from fanfold.ocr.words import placed

_ONE_BLOCK = Way(6)
"""tesseract's page segmentation for lines of one block."""

_WHITE = 255
_UNKNOWN_SHARE = 0.3
"""Minimum share of words with unknown glyphs from which the whole page is recognised."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A page whose layer is as far as it can be believed, and what was judged of it.

    ``unseen`` are words that nobody can see; ``recognised`` holds those whose glyphs have no
    letters and that were read from the page, ``undrawn`` counts what our renderer cannot draw.
    """

    look: Look
    judgement: Judgement
    unseen: tuple[Unseen, ...] = ()
    recognised: tuple[Block, ...] = ()
    undrawn: int = 0

    @property
    def source(self) -> Source:
        """Where the words come from."""
        if not self.look.layer.words:
            return Source.BLANK
        return Source.MIXED if self.recognised else Source.NATIVE


def checked(look: Look) -> Checked:
    """Check the layer of a page; raise PageError where more room may help."""
    mode = Mode(look.task.mode)
    judgement = text.judge(mode, look.layer)
    if not (judgement.trusted and look.layer.words):
        return Checked(look, judgement)
    with look.watch.lap("trust"):
        if mode is Mode.AUTO and look.layer.doubled >= DOUBLED:
            look = replace(look, layer=_single(look))
        if mode is Mode.AUTO and look.paper.contradicted and not look.layer.turn:
            look = replace(look, layer=_settled(look))
        judgement = _by_itself(look) if mode is Mode.AUTO else text.judge(mode, look.layer)
        if not judgement.trusted:
            return Checked(look, judgement)
        try:
            return _against_the_page(look, judgement)
        except PageError as error:
            look.leave_to_the_heavy_lane(error)
            reason = f"{judgement.reason}; the page could not be drawn"
            return Checked(look, Judgement(True, reason))


def _by_itself(look: Look) -> Judgement:
    layer = look.layer
    if look.is_picture and layer.single >= SINGLE_LETTERS:
        return Judgement(False, "the text layer's words are single letters")
    if look.is_picture and layer.doubled >= DOUBLED:
        return Judgement(False, "two text layers lie over each other")
    if layer.unknown > _UNKNOWN_SHARE * layer.words:
        return Judgement(False, "the text layer's glyphs have no meaning")
    return text.judge(Mode(look.task.mode), layer)


def _single(look: Look) -> TextLayer:
    """Return the visible one of two layers over each other, if there is such a one."""
    task, sheet, layer = look.task, look.sheet, look.layer
    if not hiding.look(task.source).invisible:
        return layer
    path = str(Path.cwd() / "visible.pdf")
    try:
        with pikepdf.open(task.source) as pdf:
            if not hidden_text.strip(pdf, pdf.pages[0]):
                return layer
            pdf.save(path)
    except pikepdf.PikepdfError as error:
        raise PageUnreadable from error
    visible = text.read(path, task.poppler, sheet.width, sheet.height)
    return visible if 2 * visible.words >= layer.words and visible.legible else layer


def _settled(look: Look) -> TextLayer:
    """Return the layer without letters of which fonts tell two things, if the page shows others."""
    task, sheet = look.task, look.sheet
    unsaid = text.read(tables.unsaid(task.source), task.poppler, sheet.width, sheet.height)
    doubted = [w.box for w in _words(unsaid) if glyphs.unknown(w)]
    said = [w for w in _words(look.layer) if any(w.box.inside(box) for box in doubted)]
    try:
        found = _compared(look, said)
    except PageError as error:
        look.leave_to_the_heavy_lane(error)
        return look.layer
    if not doubted or (found.words and found.holds):
        return look.layer
    return unsaid


def _signs(look: Look) -> Signs:
    try:
        return hiding.look(look.task.source)
    except PageUnreadable:
        return Signs()


def _words(layer: TextLayer) -> list[Word]:
    return [word for block in layer.blocks for line in block.lines for word in line.words]


def _against_the_page(look: Look, judgement: Judgement) -> Checked:
    auto, share = look.task.mode == Mode.AUTO, look.pictures.share
    doubted = auto and trust.doubted(look.layer, share)
    hidden: tuple[Unseen, ...] = ()
    undrawn = 0
    if not look.is_picture:
        layer, hidden, undrawn = _seen(look)
        look = replace(look, layer=layer)
        if not layer.words:
            judgement = Judgement(False, "nobody can see the text layer")
    if doubted and judgement.trusted:
        judgement = trust.judge(_evidence(look), share)
    if judgement.trusted and auto and sample.wanted(look.layer, share):
        look, judgement = _sampled(look, judgement)
    recognised: tuple[Block, ...] = ()
    if judgement.trusted and auto and look.layer.unknown and not look.layer.turn:
        before = look.layer.blocks
        look = replace(look, layer=_filled(look))
        recognised = glyphs.read_anew(before, look.layer.blocks)
    return Checked(look, judgement, hidden, recognised, undrawn)


def _seen(look: Look) -> unseen.Found:
    def places() -> unseen.Places:
        small = look.small()
        return unseen.Places(small.image, small.width / look.sheet.width)

    source, poppler, over = look.task.source, look.task.poppler, look.pictures.share > 0
    return unseen.look(source, poppler, look.paper, look.layer, places, over=over)


def _evidence(look: Look) -> trust.Evidence:
    small, layer = look.small(), look.layer
    scale = small.width / look.sheet.width
    blocks = layer.displayed(layer.blocks)
    boxes = [word.box.scaled(scale) for b in blocks for line in b.lines for word in line.words]
    return trust.weigh(small.ink, boxes)


def _sampled(look: Look, judgement: Judgement) -> tuple[Look, Judgement]:
    """Recognise parts of the page; return the layer in their confidence, and whether to take it."""
    layer = look.layer
    found = _compared(look, _words(layer))
    if not found.words:
        return look, judgement
    told = sample.judge(found)
    if not told.trusted:
        return look, told
    if look.is_picture and found.missing >= sample.LETTERS_MISSING and _signs(look).invisible:
        return look, Judgement(False, f"the text layer lacks {found.missing:.0%} of a sample")
    if not look.is_picture:
        return look, judgement
    marked = layer._replace(blocks=sample.marked(layer.blocks, found))
    return replace(look, layer=marked), judgement


def _compared(look: Look, words: Sequence[Word]) -> sample.Found:
    """Recognise parts of the page that hold some of ``words``, and compare both."""
    strips = sample.strips(words, look.sheet.width)
    if not strips:
        return sample.Found(0, 0.0, 0.0)
    drawing = look.drawn_directly()
    scale = drawing.width / look.sheet.width
    shown = sample.picture(drawing.image, [strip.box.scaled(scale) for strip in strips])
    rows = _recogniser(look).read(drawing.showing(shown), _ONE_BLOCK).rows
    inside = [word for each in strips for word in each.words]
    return sample.compare(inside, [row.word for row in rows])


def _filled(look: Look) -> TextLayer:
    """Read words without letters from the page, with the lines they stand in around them."""
    layer, drawing = look.layer, look.drawn_directly()
    scale = drawing.width / look.sheet.width
    lines = [line for b in layer.blocks for line in b.lines if any(map(glyphs.unknown, line.words))]
    rows = _recogniser(look).read(_only(drawing, [line.box.scaled(scale) for line in lines])).rows
    seen = [row.word for row in placed(rows, lambda box: box.scaled(1 / scale))]
    blocks = tuple(glyphs.filled(block, seen) for block in layer.blocks)
    words = [w for block in blocks for line in block.lines for w in line.words]
    return layer._replace(blocks=blocks, unknown=sum(map(glyphs.unknown, words)))


def _only(drawing: Drawing, places: Sequence[Box]) -> Drawing:
    """Return a drawing with nothing but what is in ``places``."""
    mask = Image.new("L", drawing.size)
    pen = ImageDraw.Draw(mask)
    for place in places:
        outer = place.grown(1)
        pen.rectangle((outer.x0, outer.y0, outer.x1, outer.y1), fill=255)
    white = Image.new("L", drawing.size, _WHITE)
    return drawing.showing(Image.composite(drawing.image, white, mask))


def _recogniser(look: Look) -> Tesseract:
    """Return what reads samples: in the language asked for, or the default's."""
    languages = look.task.languages
    if languages == AUTO_LANGUAGES:
        languages = auto_language.default(look.task.candidates)
    return tesseract.for_task(replace(look.task, languages=languages))
