"""Measure dense tables of numbers, drawn small and noisy by the tests' own generator.

    python -m bench.numbers [--tables 6]

Prints for each table, for the engine and for a bare look for scattered words (``pdftoppm -r 300 |
tesseract --psm 11``): the share of numbers that stand in their place exactly as drawn, and CPU
seconds; last the means. FANFOLD_LIBTESSERACT, FANFOLD_TESSERACT and FANFOLD_POPPLER choose the
engine.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import img2pdf
from PIL import Image

from bench import readers
from fanfold import settings
from fanfold.model import Box
from tests.data import numbers
from tests.data.pictures import Placed

_SIZES = ((16, 150), (13, 110), (11, 96))
"""Heights of the type in pixels, and dots per inch."""

_NOISE = (0, 60, 110)
_DPI = 300
_MARGIN = 3.0
"""Pixels of the drawing by which a number's middle may lie beside its ink."""


class Said(NamedTuple):
    """A text and where it stands, in points."""

    text: str
    box: Box


def main() -> None:
    """Draw, read and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=len(_SIZES) * len(_NOISE))
    options = parser.parse_args()
    engine = replace(settings.load().engine, memory_bytes=320 * 2**20)
    told = []
    with readers.house(engine) as house, tempfile.TemporaryDirectory() as folder:
        for (height, dpi), noise in islice(product(_SIZES, _NOISE), options.tables):
            picture, words = numbers.table(height + noise, height=height, noise=noise)
            page = _page(picture, dpi, Path(folder))
            read = house.read(page, "eng")
            ours = [Said(word.text, word.box) for word in read.page.words] if read.page else []
            bare, cpu = _bare(page, Path(folder))
            scale = 72 / dpi
            row = (_right(words, ours, scale), read.cpu, _right(words, bare, scale), cpu)
            told.append(row)
            print(f"{height} px at {dpi} dpi, noise {noise:3}: {_line(row)}", flush=True)
    print(f"mean: {_line([mean(values) for values in zip(*told, strict=True)])}")


def _line(row: Sequence[float]) -> str:
    right, cpu, bare, bare_cpu = row
    return f"right {right:.3f} in {cpu:5.2f} CPU s; bare look {bare:.3f} in {bare_cpu:5.2f}"


def _page(picture: Image.Image, dpi: int, folder: Path) -> Path:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(dpi, dpi))
    page = folder / "page.pdf"
    page.write_bytes(img2pdf.convert(buffer.getvalue()))
    return page


def _bare(page: Path, folder: Path) -> tuple[list[Said], float]:
    """Return what scattered words plain tesseract finds, and CPU seconds."""
    before, base = readers.children_cpu(), folder / "bare"
    subprocess.run(["pdftoppm", "-r", str(_DPI), "-gray", "-singlefile", page, base], check=True)
    done = subprocess.run(
        ["tesseract", base.with_suffix(".pgm"), "-", "--psm", "11", "tsv"],
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        check=True,
        capture_output=True,
    )
    return list(_said(done.stdout.decode().splitlines()[1:])), readers.children_cpu() - before


def _said(lines: Iterable[str]) -> Iterator[Said]:
    for line in lines:
        *_, left, top, width, height, _, text = line.split("\t")
        if text.strip():
            x, y = int(left), int(top)
            box = Box(x, y, x + int(width), y + int(height))
            yield Said(text, box.scaled(72 / _DPI))


def _right(words: Sequence[Placed], found: Sequence[Said], scale: float) -> float:
    """Return the share of drawn words in whose place just they were found."""
    right = 0
    for word in words:
        place = Box(word.x0, word.y0, word.x1, word.y1).grown(_MARGIN).scaled(scale)
        right += [said.text for said in found if said.box.inside(place)] == [word.text]
    return right / len(words)


if __name__ == "__main__":
    main()
