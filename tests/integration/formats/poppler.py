"""What a viewer sees and finds in a PDF, by poppler; and a layer as the recogniser makes it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

DPI = 150


@dataclass(frozen=True, slots=True)
class Found:
    """A word and its box in points, origin at the top left of the displayed page."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def picture(pdf: Path, page: int, dpi: int = DPI) -> bytes:
    """Return the page as displayed, as PGM: pdftoppm takes 100 times as long for PNG."""
    command = ["pdftoppm", "-cropbox", "-gray", "-r", str(dpi)]
    return _output(*command, "-f", str(page), "-l", str(page), str(pdf))


def words(pdf: Path, page: int) -> list[Found]:
    """Return the words that a search in the page would find, in reading order."""
    command = ["pdftotext", "-bbox", "-cropbox", "-f", str(page), "-l", str(page)]
    html = ElementTree.fromstring(_output(*command, str(pdf), "-"))
    return [
        Found(
            word.text or "",
            *(float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax")),
        )
        for word in html.iter("{http://www.w3.org/1999/xhtml}word")
    ]


def recognise(pdf: Path, page: int, folder: Path) -> str:
    """Read a page as displayed; return the path of its text-only PDF."""
    image, layer = folder / f"{page}.pgm", folder / f"layer-{page}"
    image.write_bytes(picture(pdf, page))
    options = ["--dpi", str(DPI), "-c", "textonly_pdf=1", "pdf"]
    _output("tesseract", str(image), str(layer), *options)
    return f"{layer}.pdf"


def check(pdf: Path) -> None:
    """Raise CalledProcessError unless qpdf finds the file faultless."""
    _output("qpdf", "--check", str(pdf))


def _output(*command: str) -> bytes:
    environment = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin:/usr/local/bin"}
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout
