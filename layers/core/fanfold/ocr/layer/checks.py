"""What a legible text layer goes through before it stands for its page.

Two layers over each other, single letters over a scan, words that nobody can see, words that do
not lie on what the page shows, letters that are wrong ones, glyphs without letters. In the child.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pikepdf
from PIL import Image, ImageDraw

from fanfold.errors import PageError, PageUnreadable
from fanfold.formats.searchable import hidden_text
from fanfold.model import AUTO_LANGUAGES, Box, Mode, Source, Unseen
from fanfold.ocr.isolation.task import Stopwatch, Task
from fanfold.ocr.layer import glyphs, hiding, sample, trust, unseen
from fanfold.ocr.layer import text as text_layer
from fanfold.ocr.layer.images import Pictures
from fanfold.ocr.layer.sheet import Paper, Sheet
from fanfold.ocr.layer.text import DOUBLED, LETTERS, PICTURE, Judgement, TextLayer
from fanfold.ocr.picture import ink, render
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise import auto_language, tesseract
from fanfold.ocr.recognise.tesseract import Recogniser, Way
from fanfold.ocr.words import placed

_BLOCK = 6
"""tesseract's page segmentation mode for lines of one block."""

_PAPER = 255
_UNKNOWN = 0.3
"""Share of words with unknown glyphs from which the whole page is recognised."""


class Checked(NamedTuple):
    """A layer as far as it can be believed, what was judged, and which words nobody can see.

    ``recognised`` counts words whose glyphs have no letters and that were read from the page.
    """

    layer: TextLayer
    judgement: Judgement
    unseen: tuple[Unseen, ...] = ()
    recognised: int = 0

    @property
    def source(self) -> Source:
        """Where the words come from."""
        if not self.layer.words:
            return Source.BLANK
        return Source.MIXED if self.recognised else Source.NATIVE


class Leaf(NamedTuple):
    """The page to be checked: its task, what its objects tell, and its pictures."""

    task: Task
    paper: Paper
    seen: Pictures

    @property
    def sheet(self) -> Sheet:
        """Its size."""
        return self.paper.sheet

    @property
    def picture(self) -> bool:
        """Whether it is one, all over."""
        return self.seen.share >= PICTURE

    def draw(self, dpi: float, name: str) -> Drawing:
        """Draw it, into a folder of its own; raise what drawing raises."""
        folder = Path.cwd() / name
        folder.mkdir(exist_ok=True)
        dots = max(1, int(dpi))
        return render.draw(self.task.source, self.task.poppler, self.sheet, dots, folder)


def made(leaf: Leaf, layer: TextLayer, judgement: Judgement, watch: Stopwatch) -> Checked:
    """Check a layer that is taken by itself; raise PageError where more room may help."""
    if not (judgement.trusted and layer.words):
        return Checked(layer, judgement)
    with watch.lap("trust"):
        return _made(leaf, layer)


def _made(leaf: Leaf, layer: TextLayer) -> Checked:
    task, mode = leaf.task, Mode(leaf.task.mode)
    if mode is Mode.AUTO and layer.doubled >= DOUBLED:
        layer = _single(leaf, layer)
    judgement = _by_itself(leaf, layer) if mode is Mode.AUTO else text_layer.judge(mode, layer)
    if not judgement.trusted:
        return Checked(layer, judgement)
    try:
        return _against_the_page(leaf, layer, judgement)
    except PageError as error:
        if error.heavier and not task.heavy:
            raise
        return Checked(layer, Judgement(True, f"{judgement.reason}; the page could not be drawn"))


def _by_itself(leaf: Leaf, layer: TextLayer) -> Judgement:
    if leaf.picture and layer.single >= LETTERS:
        return Judgement(False, "the text layer's words are single letters")
    if leaf.picture and layer.doubled >= DOUBLED:
        return Judgement(False, "two text layers lie over each other")
    if layer.unknown > _UNKNOWN * layer.words:
        return Judgement(False, "the text layer's glyphs have no meaning")
    return text_layer.judge(Mode(leaf.task.mode), layer)


def _single(leaf: Leaf, layer: TextLayer) -> TextLayer:
    """Return the visible one of two layers over each other, if there is such a one."""
    task, sheet = leaf.task, leaf.sheet
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
    visible = text_layer.read(path, task.poppler, sheet.width, sheet.height)
    return visible if 2 * visible.words >= layer.words and visible.legible else layer


def _against_the_page(leaf: Leaf, layer: TextLayer, judgement: Judgement) -> Checked:
    auto = leaf.task.mode == Mode.AUTO
    doubted = auto and trust.doubted(layer, leaf.seen.share)
    hidden: tuple[Unseen, ...] = ()
    if doubted or not leaf.picture:
        pixels = leaf.task.pixels / (leaf.sheet.width * leaf.sheet.height / 72**2)
        drawing = leaf.draw(
            min(ink.SMALL_DPI if doubted else unseen.COARSE_DPI, math.sqrt(pixels)), "small"
        )
        if not leaf.picture:
            layer, hidden = _seen(leaf, layer, drawing)
            judgement = (
                judgement if layer.words else Judgement(False, "nobody can see the text layer")
            )
        if doubted and judgement.trusted:
            judgement = trust.judge(_evidence(leaf, layer, drawing), leaf.seen.share)
    if judgement.trusted and auto and sample.wanted(layer, leaf.seen.share):
        layer, judgement = _sampled(leaf, layer, judgement)
    recognised = 0
    if judgement.trusted and auto and layer.unknown and not layer.turn:
        layer, recognised = _filled(leaf, layer)
    return Checked(layer, judgement, hidden, recognised)


def _seen(leaf: Leaf, layer: TextLayer, drawing: Drawing) -> tuple[TextLayer, tuple[Unseen, ...]]:
    with Image.open(drawing.path, formats=["PPM"]) as picture:
        picture.load()
    places = unseen.Places(picture, drawing.width / leaf.sheet.width)
    over = leaf.seen.share > 0
    return unseen.look(leaf.task.source, leaf.task.poppler, leaf.sheet, layer, places, over=over)


def _evidence(leaf: Leaf, layer: TextLayer, drawing: Drawing) -> trust.Evidence:
    scale = drawing.width / leaf.sheet.width
    blocks = layer.displayed(layer.blocks)
    boxes = [word.box.scaled(scale) for b in blocks for line in b.lines for word in line.words]
    return trust.weigh(ink.of(drawing), boxes)


def _sampled(leaf: Leaf, layer: TextLayer, judgement: Judgement) -> tuple[TextLayer, Judgement]:
    """Recognise parts of the page; return the layer in their confidence, and whether to take it."""
    words = [w for block in layer.blocks for line in block.lines for w in line.words]
    strips = sample.strips(words, leaf.sheet.width)
    if not strips:
        return layer, judgement
    drawing = leaf.draw(_dpi(leaf), "sample")
    scale = drawing.width / leaf.sheet.width
    with Image.open(drawing.path, formats=["PPM"]) as page:
        picture = sample.picture(page, [strip.box.scaled(scale) for strip in strips])
    path = drawing.path.with_name("strips.pgm")
    picture.save(path)
    strip = Drawing(path, drawing.dpi, *picture.size)
    rows = _recogniser(leaf.task).read(strip, Way(_BLOCK)).rows
    inside = [word for each in strips for word in each.words]
    found = sample.compare(inside, [row.word for row in rows])
    told = sample.judge(found)
    if not told.trusted:
        return layer, told
    if not leaf.picture:
        return layer, judgement
    return layer._replace(blocks=sample.marked(layer.blocks, found)), judgement


def _filled(leaf: Leaf, layer: TextLayer) -> tuple[TextLayer, int]:
    """Read words without letters from the page, with the lines they stand in around them."""
    drawing = leaf.draw(_dpi(leaf), "unknown")
    scale = drawing.width / leaf.sheet.width
    lines = [line for b in layer.blocks for line in b.lines if any(map(glyphs.unknown, line.words))]
    path = _only(drawing, [line.box.scaled(scale).grown(1) for line in lines])
    rows = _recogniser(leaf.task).read(drawing._replace(path=path)).rows
    seen = [row.word for row in placed(rows, lambda box: box.scaled(1 / scale))]
    blocks = tuple(glyphs.filled(block, seen) for block in layer.blocks)
    words = [w for block in blocks for line in block.lines for w in line.words]
    left = sum(map(glyphs.unknown, words))
    return layer._replace(blocks=blocks, unknown=left), layer.unknown - left


def _only(drawing: Drawing, places: Sequence[Box]) -> Path:
    """Write a copy of a drawing with nothing but what is in ``places``; return its path."""
    path = drawing.path.with_name("only.pgm")
    with Image.open(drawing.path, formats=["PPM"]) as page:
        mask = Image.new("L", page.size)
        pen = ImageDraw.Draw(mask)
        for place in places:
            pen.rectangle((place.x0, place.y0, place.x1, place.y1), fill=255)
        Image.composite(page, Image.new("L", page.size, _PAPER), mask).save(path)
    return path


def _dpi(leaf: Leaf) -> int:
    return render.choose_dpi(leaf.sheet, leaf.seen.dpi if leaf.picture else 0.0, leaf.task.pixels)


def _recogniser(task: Task) -> Recogniser:
    """Return what reads samples: in the language asked for, or the default's."""
    languages = task.languages
    if languages == AUTO_LANGUAGES:
        languages = auto_language.default(task.candidates)
    return tesseract.for_task(replace(task, languages=languages))
