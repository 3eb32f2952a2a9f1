"""Measure what a page with a text layer costs beside poppler's programs alone.

    python -m bench.native CORPUS [--sets kleister-nda,vrdu] [--pages 20]

Reads pages of a corpus (a folder with a manifest.json), one of each set in turn, three times, and
prints of those whose words are their text layer's, in milliseconds of CPU: the page with all its
programs, ``pdftotext -tsv`` and ``pdftoppm -r 50`` of it, and what the page takes in times of both.
``proved`` says that its instructions proved that its words are seen: for that it was not drawn.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from itertools import islice
from pathlib import Path
from statistics import median

from bench import pins, readers
from fanfold import settings
from fanfold.model import Page, Source
from fanfold.ocr.isolation import programs
from fanfold.ocr.layer import sheet
from fanfold.ocr.picture import ink

_ROUNDS = 3
"""The median of so many counts."""


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sets", help="names, joined by commas; all by default")
    parser.add_argument("--pages", type=int, default=20)
    options = parser.parse_args()
    chosen = options.sets.split(",") if options.sets else ()
    print(f"{'page':44}{'page':>7}{'text':>7}{'drawn':>7}{'times':>7}")
    spent: list[tuple[float, float]] = []
    with readers.house(settings.load().engine) as house:
        for name, path in islice(pins.in_turn(house, options.corpus, chosen), options.pages):
            reads = [house.read(path, "eng") for _ in range(_ROUNDS)]
            page = reads[0].page
            if page is None or page.source is not Source.NATIVE:
                continue
            text, drawn = _text(path), _drawn(path)
            spent.append((median(read.cpu for read in reads), text + drawn))
            _line(name, page, path, (spent[-1][0], text, drawn))
    whole, plain = (sum(column) for column in zip(*spent, strict=True)) if spent else (0.0, 0.0)
    print(f"{len(spent)} pages: {whole / max(plain, 0.001):.2f} times poppler's programs")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _line(name: str, page: Page, path: Path, seconds: tuple[float, float, float]) -> None:
    proved = sheet.look(str(path)).shown
    held = proved is not None and proved.all([word.box for word in page.words])
    told = "".join(f"{1000 * each:>7.0f}" for each in seconds)
    times = seconds[0] / max(sum(seconds[1:]), 0.001)
    print(f"{name[-44:]:44}{told}{times:>7.2f}{'  proved' if held else ''}", flush=True)


def _text(path: Path) -> float:
    return _spent("pdftotext", "-tsv", "-cropbox", str(path), "-")


def _drawn(path: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "page")
        return _spent("pdftoppm", "-r", str(ink.SMALL_DPI), "-singlefile", str(path), target)


def _spent(program: str, *arguments: str) -> float:
    """Return the CPU seconds that one of poppler's programs takes."""
    command = [programs.poppler(settings.load().engine.poppler, program), *arguments]

    def once() -> float:
        before = readers.children_cpu()
        subprocess.run(command, check=False, capture_output=True)
        return readers.children_cpu() - before

    return median(once() for _ in range(_ROUNDS))


if __name__ == "__main__":
    main()
