"""Read one page: its text layer if that can be trusted, recognition otherwise. In the child."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from fanfold import pagejson
from fanfold.model import Block, Box, Mode, Page, Source
from fanfold.ocr import again, ink, pictures, render, textlayer, tsv, upright
from fanfold.ocr.pictures import Pictures
from fanfold.ocr.recognise import Recogniser
from fanfold.ocr.render import Drawing, Sheet
from fanfold.ocr.textlayer import TextLayer
from fanfold.ocr.turn import turn_back
from fanfold.ocr.upright import Upright


@dataclass(frozen=True, slots=True)
class Task:
    """One page to read; paths and programs as plain strings, for they come as JSON."""

    source: str
    layer: str
    """Where to write the invisible text layer, if there is one."""
    number: int
    languages: str
    mode: str
    tesseract: str
    poppler: str | None
    pixels: int
    tessdata: str | None = None


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Milliseconds of wall time by step."""

    laps: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def lap(self, step: str) -> Iterator[None]:
        """Time a block."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.laps[step] = round((time.perf_counter() - start) * 1000)


def read(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    """Read the page that ``arguments``, the fields of a Task, describe; return it as JSON.

    Raises PageError subclasses.
    """
    watch = Stopwatch()
    with watch.lap("total"):
        page = _read(Task(**arguments), watch)
    return pagejson.dump(replace(page, timings=watch.laps))


def _read(task: Task, watch: Stopwatch) -> Page:
    with watch.lap("native"):
        sheet = render.measure(task.source, task.poppler)
        layer = TextLayer()
        if task.mode != Mode.OCR:
            layer = textlayer.read(task.source, task.poppler, sheet.height)
        seen = _look(task, sheet, layer)
        judgement = textlayer.judge(Mode(task.mode), layer, seen.share)
    if judgement.trusted:
        source = Source.NATIVE if layer.words else Source.BLANK
        return _page(task, sheet, source, judgement.reason, layer.blocks)
    scan_dpi = seen.dpi if seen.share >= textlayer.PICTURE else 0.0
    dpi = render.choose_dpi(sheet, scan_dpi, task.pixels)
    with watch.lap("render"):
        drawing = render.draw(task.source, task.poppler, dpi, Path.cwd())
        shown = ink.of(drawing)
    if ink.none(shown):
        return replace(_page(task, sheet, Source.BLANK, "nothing on the page", ()), dpi=dpi)
    if task.tessdata:
        os.environ["TESSDATA_PREFIX"] = task.tessdata
    with watch.lap("recognise"):
        found = _recognise(task, drawing, shown)
        blocks = _placed(found, sheet.width / drawing.width)
    if blocks:
        _keep_layer(found, task.layer)
    source = Source.OCR if blocks else Source.BLANK
    page = _page(task, sheet, source, judgement.reason, blocks)
    return replace(
        page,
        dpi=dpi,
        languages=task.languages,
        orientation=found.orientation,
        skew=found.skew,
    )


def _recognise(task: Task, drawing: Drawing, shown: Image.Image) -> Upright:
    recogniser = Recogniser(task.tesseract, task.languages)
    found = upright.read(drawing, shown, recogniser)
    best = again.better(found.recognition, found.picture, recogniser, task.pixels)
    return found._replace(recognition=best)


def _placed(found: Upright, scale: float) -> tuple[Block, ...]:
    """Put words to where they are on the page as displayed; ``scale`` is points per pixel."""

    def place(box: Box) -> Box:
        edges = found.turn.undo(box)
        return Box(*(edge * scale for edge in (edges.x0, edges.y0, edges.x1, edges.y1)))

    return tsv.blocks(tsv.placed(found.recognition.rows, place))


def _keep_layer(found: Upright, target: str) -> None:
    layer = found.recognition.layer
    if found.turn.angle:
        turn_back(layer, found.turn)
    shutil.move(layer, target)


def _look(task: Task, sheet: Sheet, layer: TextLayer) -> Pictures:
    """Look at the page's pictures, unless the text layer says enough without."""
    if layer.rich and layer.legible:
        return Pictures(0.0, 0.0)
    return pictures.look(task.source, task.poppler, sheet.width, sheet.height)


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
