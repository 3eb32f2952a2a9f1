"""A page in hand: what its objects, its layer and its images tell before it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fanfold.errors import PageError
from fanfold.formats.searchable import layer_write
from fanfold.geometry import Turn
from fanfold.model import Block, Mode, Page, Source
from fanfold.ocr.isolation.task import Stopwatch, Task
from fanfold.ocr.layer import images, text
from fanfold.ocr.layer import sheet as sheets
from fanfold.ocr.layer.images import Pictures
from fanfold.ocr.layer.sheet import Paper
from fanfold.ocr.layer.text import TextLayer
from fanfold.ocr.picture import ink, render
from fanfold.ocr.picture.drawing import Drawing, Sheet
from fanfold.ocr.structure import headings, table_heads
from fanfold.ocr.words import moved


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a page before it is drawn, and the stopwatch of its reading."""

    task: Task
    watch: Stopwatch
    paper: Paper
    layer: TextLayer
    pictures: Pictures
    drawn: dict[tuple[int, bool], Drawing] = field(default_factory=dict)
    """Drawings that are wanted more than once, by dots per inch and whether they have colours."""

    @property
    def sheet(self) -> Sheet:
        """The page's size and rotation."""
        return self.paper.sheet

    @property
    def scan_dpi(self) -> float:
        """The resolution of the picture that fills the page; 0 where none does."""
        return self.pictures.dpi if self.is_picture else 0.0

    def dpi(self, least: float = render.TARGET_DPI) -> int:
        """Return at least so many dots per inch, or what suits the scan; raise PixelsExceeded."""
        return render.choose_dpi(self.sheet, self.scan_dpi, self.task.pixels, least)

    @property
    def is_picture(self) -> bool:
        """Whether the page is a picture, all over."""
        return self.pictures.share >= text.PAGE_OF_PICTURES

    def small_colours(self) -> Drawing:
        """Draw the page in colour at some 50 dpi, once, to compare it with its words.

        Raises PageErrors.
        """
        inches = self.sheet.width * self.sheet.height / 72**2
        dots = max(1, int(min(ink.SMALL_DPI, math.sqrt(self.task.pixels / inches))))
        return self._drawn(dots, colour=True)

    def small(self) -> Drawing:
        """Return the same drawing in grey."""
        drawing = self.small_colours()
        return drawing.showing(drawing.image.convert("L"))

    def draw(self, dpi: int) -> Drawing:
        """Draw the page to recognise all of it; raise PageErrors."""
        return render.draw(self.task.source, self.task.poppler, self.sheet, dpi, Path.cwd())

    def glance(self) -> Drawing:
        """Draw a page that has a text layer, to see what else is on it; raise PageErrors.

        Without pdf2image, which would be a third of what such a page costs.
        """
        return self._drawn(render.choose_dpi(self.sheet, 0.0, self.task.pixels))

    def drawn_directly(self) -> Drawing:
        """Draw a page that has a text layer as if to recognise all of it; raise PageErrors."""
        return self._drawn(self.dpi())

    def _drawn(self, dpi: int, *, colour: bool = False) -> Drawing:
        if (dpi, colour) not in self.drawn:
            self.drawn[dpi, colour] = self._draw(dpi, colour=colour)
        return self.drawn[dpi, colour]

    def _draw(self, dpi: int, *, colour: bool) -> Drawing:
        source, poppler = self.task.source, self.task.poppler
        return render.draw_directly(source, poppler, self.sheet, dpi, Path.cwd(), colour=colour)

    def colours(self, dpi: int) -> Drawing:
        """Draw the page in colour; raise PageErrors."""
        return self.drawn.get((dpi, True)) or self._draw(dpi, colour=True)

    def leave_to_the_heavy_lane(self, error: PageError) -> None:
        """Raise ``error`` again where more memory, space or time may help and is to be had."""
        if error.heavier and not self.task.heavy:
            raise error

    def page(self, source: Source, reason: str, blocks: tuple[Block, ...] = ()) -> Page:
        """Return the page with blocks in points as displayed."""
        return Page(
            number=self.task.number,
            width=self.sheet.width,
            height=self.sheet.height,
            source=source,
            reason=reason,
            blocks=blocks,
            rotation=self.sheet.rotation,
        )

    def recognised(
        self,
        blocks: Sequence[Block],
        turn: Turn,
        scale: float,
        languages: str,
        *,
        instead: bool = True,
        beside: Sequence[Block] = (),
    ) -> tuple[Block, ...]:
        """Return blocks of the page as displayed, and write their words to its invisible layer.

        ``blocks`` are in pixels of the picture that was turned by ``turn``, ``scale`` points per
        pixel, and so are those ``beside`` them, which are only written. ``languages`` and
        ``instead`` as in ``layer_write``.
        """
        arranged = tuple(table_heads.told(headings.arrange(blocks, tight=True)))
        if written := (*arranged, *beside):
            path = Path(self.task.layer)
            layer_write.write(path, written, turn, scale, instead=instead, languages=languages)
        return tuple(moved(block, lambda box: turn.undo(box).scaled(scale)) for block in arranged)


def look(task: Task, watch: Stopwatch) -> Look:
    """Look at the objects of a page, its layer and its images; raise PageErrors."""
    paper = sheets.look(task.source)
    layer, seen = TextLayer(), images.NO_PICTURES
    if task.mode != Mode.OCR and paper.lettered:
        layer = text.read(task.source, task.poppler, paper.sheet.width, paper.sheet.height)
    if paper.pictured:
        seen = images.look(task.source, task.poppler, paper)
    return Look(task, watch, paper, layer, seen)
