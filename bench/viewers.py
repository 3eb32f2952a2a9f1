"""What viewers find in a PDF's pages: words in the order in which the viewer gives them.

poppler (Evince, Okular) by ``pdftotext``, PDFium (Chrome) by pypdfium2, pdf.js (Firefox) by Node.js
and the package that ``make interop`` puts into build/interop, MuPDF by ``mutool`` where the machine
has it. A viewer that is not there is left out by ``all_there``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pypdfium2
from pypdfium2 import raw

from fanfold.model import Box

PDFJS = Path("build/interop")
"""Folder with node_modules/pdfjs-dist."""

_EMBEDDING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""What poppler puts around runs of the other direction; its own space is within, at the edge."""
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-", "\u00ad": "-"})
"""PDFium's mark of a hyphen at the end of a line, which joins the parts of the word."""


class Found(NamedTuple):
    """A word; its box in points from the page's top left, where the viewer tells."""

    text: str
    box: Box | None = None


Viewer = Callable[[Path], list[list[Found]]]


def all_there() -> Mapping[str, Viewer]:
    """Return the viewers that this machine has, by name."""
    there: dict[str, Viewer] = {"poppler": poppler, "PDFium": pdfium}
    if shutil.which("node") and (PDFJS / "node_modules/pdfjs-dist").is_dir():
        there["pdf.js"] = pdfjs
    if shutil.which("mutool"):
        there["MuPDF"] = mupdf
    return there


def poppler(pdf: Path) -> list[list[Found]]:
    """Return poppler's words: as its text has them where that is turned, which boxes are not."""
    boxed = ElementTree.fromstring(_output("pdftotext", "-cropbox", "-bbox", str(pdf), "-"))
    pages = [
        [Found(word.text or "", _box(word.attrib)) for word in page if word.tag.endswith("word")]
        for page in boxed.iter("{http://www.w3.org/1999/xhtml}page")
    ]
    plain = _output("pdftotext", "-cropbox", str(pdf), "-").decode().split("\f")
    return [
        [Found(word) for word in _EMBEDDING.sub(" ", text).split()]
        if _EMBEDDING.search(text)
        else page
        for page, text in zip(pages, plain, strict=False)
    ]


def pdfium(pdf: Path) -> list[list[Found]]:
    """Return PDFium's words, taken apart at its spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [list(_of_characters(page)) for page in document]
    finally:
        document.close()


def _of_characters(page: pypdfium2.PdfPage) -> Iterator[Found]:
    text, height = page.get_textpage(), page.get_height()
    word, boxes = "", list[Box]()
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, index)).translate(_HYPHENS)
        if not character.isspace() and character != "\0":
            left, bottom, right, top = text.get_charbox(index, loose=True)
            word += character
            boxes.append(Box(left, height - top, right, height - bottom))
        elif word:
            yield Found(word, Box.around(boxes))
            word, boxes = "", []
    if word:
        yield Found(word, Box.around(boxes))


def pdfjs(pdf: Path) -> list[list[Found]]:
    """Return the words of pdf.js's text, as its search has it."""
    script = Path(__file__).with_name("pdfjs.mjs").read_text("utf-8")
    command = ("node", "--input-type=module", "--eval", script, str(pdf.absolute()))
    pages = json.loads(_output(*command, folder=PDFJS))
    return [[Found(word) for word in text.split()] for text in pages]


def mupdf(pdf: Path) -> list[list[Found]]:
    """Return MuPDF's words."""
    text = _output("mutool", "draw", "-q", "-F", "txt", str(pdf)).decode()
    return [[Found(word) for word in page.split()] for page in text.split("\f")]


def _box(edges: Mapping[str, str]) -> Box:
    return Box(*(float(edges[edge]) for edge in ("xMin", "yMin", "xMax", "yMax")))


def _output(*command: str, folder: Path | None = None) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, cwd=folder).stdout
