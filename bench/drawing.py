"""Measure what pdf2image costs a page beside pdftoppm alone: the drawing, and the whole page.

    python -m bench.drawing CORPUS [--sets old-books,sroie] [--pages 40]

Reads pages of a corpus (a folder with a manifest.json), one of each set in turn, and draws those
that were drawn to read them in both ways, five times. Prints a line for each way of
reading: CPU milliseconds per page, all programs included, and which share of a page the difference
is. FANFOLD_LIBTESSERACT, FANFOLD_TESSERACT and FANFOLD_POPPLER choose the engine.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import mean, median

from bench import pins, readers
from fanfold import settings
from fanfold.model import Page, Source
from fanfold.ocr.layer import sheet
from fanfold.ocr.picture import ink, render
from fanfold.ocr.picture.render import Drawing

_WAYS = {Source.OCR: "recognised", Source.MIXED: "mixed", Source.NATIVE: "native, looked at"}
_DRAWING_STEPS = ("render", "trust")
"""Steps that draw a page."""

_ROUNDS = 5
"""The median of so many drawings counts."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of a page, of drawing it with pdf2image and of drawing it directly."""

    page: float
    pdf2image: float
    directly: float


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sets", help="names, joined by commas; all by default")
    parser.add_argument("--pages", type=int, default=40)
    options = parser.parse_args()
    chosen = options.sets.split(",") if options.sets else ()
    costs: dict[Source, list[Cost]] = defaultdict(list)
    with readers.house(settings.load().engine) as house:
        for _, path in islice(pins.in_turn(house, options.corpus, chosen), options.pages):
            read = house.read(path, "eng")
            if read.page and read.page.timings.keys() & set(_DRAWING_STEPS):
                costs[read.page.source].append(_cost(path, read.page, read.cpu))
    print(f"{'way':20}{'pages':>6}{'page':>8}{'pdf2image':>11}{'directly':>10}{'share':>8}")
    for source, found in costs.items():
        _line(_WAYS.get(source, source.value), found)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _cost(path: Path, page: Page, cpu: float) -> Cost:
    """Draw a page in both ways, as fine as it was drawn when it was read."""
    poppler = settings.load().engine.poppler
    paper, dpi = sheet.look(str(path)).sheet, page.dpi or ink.SMALL_DPI

    def timed(draw: Callable[[str, str | None, sheet.Sheet, int, Path], Drawing]) -> float:
        before = time.process_time() + readers.children_cpu()
        draw(str(path), str(poppler) if poppler else None, paper, dpi, Path(folder))
        return time.process_time() + readers.children_cpu() - before

    with tempfile.TemporaryDirectory() as folder:
        spent = [(timed(render.draw), timed(render.draw_directly)) for _ in range(_ROUNDS)]
    return Cost(cpu, *map(median, zip(*spent, strict=True)))


def _line(name: str, found: list[Cost]) -> None:
    page, pdf2image, directly = (
        mean(getattr(one, field) for one in found) for field in ("page", "pdf2image", "directly")
    )
    told = "".join(
        f"{1000 * seconds:>{width}.1f}"
        for seconds, width in ((page, 8), (pdf2image, 11), (directly, 10))
    )
    print(f"{name:20}{len(found):>6}{told}{(pdf2image - directly) / page:>8.1%}", flush=True)


if __name__ == "__main__":
    main()
