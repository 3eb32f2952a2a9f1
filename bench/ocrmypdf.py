"""Make a document searchable with the page engine and with OCRmyPDF, and compare their CPU time.

    python -m bench.ocrmypdf FILE [--pages 30] [--languages eng]

OCRmyPDF comes from PyPI into an environment of its own, build/ocrmypdf, for this bench alone: it
is no part of Fanfold. It writes a plain PDF with one job, draws pages with PDFium, and so needs no
Ghostscript; tesseract is the one on PATH. Ours cuts, reads and grafts, as the service does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import readers
from fanfold import settings
from fanfold.model import Limits, Mode
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.ports import PageRead, ReadRequest
from fanfold.settings import Engine

_VERSION = "17.13.0"
_PLACE = Path("build/ocrmypdf")
OPTIONS = (
    *("--output-type", "pdf", "--jobs", "1", "--rasterizer", "pypdfium"),
    *("--mode", "force", "--quiet"),
)


def main() -> None:
    """Read the arguments, run both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=30, help="at most so many, from the first")
    parser.add_argument("--languages", default="eng")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.pdf"
        count, ours = _ours(options.file, options.pages, options.languages, part)
        theirs = _theirs(installed(), part, options.languages)
    print(f"pages            {count}")
    print(f"ours             {ours / count:.2f} CPU s a page")
    print(f"OCRmyPDF         {theirs / count:.2f} CPU s a page ({_VERSION})")
    print(f"ratio            {ours / theirs:.2f}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _ours(file: Path, most: int, languages: str, part: Path) -> tuple[int, float]:
    """Make ``most`` pages searchable; leave them as they were in ``part``; return CPU seconds."""
    engine = settings.load().engine
    sandbox = Sandbox(engine, part.parent)
    try:
        before = readers.spent()
        tool = SandboxedTool(sandbox, engine, Limits())
        probe = tool.probe(file)
        numbers = range(1, min(most, probe.pages) + 1)
        cuts = tool.cut(file, probe.media_type, numbers, part.parent)
        pages = [cut.path for cut in cuts if cut.path]
        layers = _read(sandbox, engine, pages, languages)
        tool.graft(pages, layers, part.with_name("searchable.pdf"))
        seconds = readers.spent() - before
        tool.graft(pages, {}, part)
    finally:
        sandbox.close()
    return len(pages), seconds


def _read(sandbox: Sandbox, engine: Engine, pages: list[Path], languages: str) -> dict[int, Path]:
    """Recognise every page; return the invisible layers by their page's place, from 1."""
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, pages[0].parent / "packs"))
    layers = {}
    for place, page in enumerate(pages, start=1):
        folder = page.parent / str(place)
        folder.mkdir()
        reading = reader.read(page, ReadRequest(place, languages, Mode.OCR), folder)
        if isinstance(reading, PageRead) and reading.layer:
            layers[place] = reading.layer
    return layers


def _theirs(program: Path, part: Path, languages: str) -> float:
    """Make ``part`` searchable with OCRmyPDF; return CPU seconds."""
    before = readers.children_cpu()
    command = [str(program), *OPTIONS, "-l", languages, str(part), str(part.with_name("o.pdf"))]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return readers.children_cpu() - before


def installed() -> Path:
    """Return OCRmyPDF's program, after installing it if need be."""
    program = _PLACE / "bin" / "ocrmypdf"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(_PLACE)], check=True)
        pip = [str(_PLACE / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"ocrmypdf=={_VERSION}"], check=True)
    return program


if __name__ == "__main__":
    main()
