"""Draw a page in grey at the resolution its text needs, within the pixels it may have."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, NamedTuple

from pdf2image import convert_from_path, pdfinfo_from_path
from pdf2image.exceptions import PDFPageCountError
from PIL import Image

from fanfold.errors import PageUnreadable, PixelsExceeded, RenderFailed
from fanfold.ocr import programs
from fanfold.ocr.engine import program

TARGET_DPI = 150
"""Recognition scales lines to a fixed height: on a 30-page book 150 dpi reads as well as 300
(CER .0187, .0197) for 3/4 of the CPU time."""

FINE_DPI = 300
"""What coarse scans are enlarged to."""

COARSE_DPI = 110
"""Scans below this are enlarged."""

LOWEST_DPI = 100
"""Below this small print is lost: rather fail than return gibberish."""

LONGEST_SIDE = 32_000
"""Pixels; leptonica and tesseract count with 15 bits."""

_SIZE = re.compile(r"(?P<width>[-+.\deE]+|nan|inf) x (?P<height>[-+.\deE]+|nan|inf) pts")
_SIDES_SWAPPED = (90, 270)


class Sheet(NamedTuple):
    """The page as displayed: points, and its own /Rotate."""

    width: float
    height: float
    rotation: int


class Drawing(NamedTuple):
    """A rendered page: a PGM file, its resolution and its size in pixels."""

    path: Path
    dpi: int
    width: int
    height: int


def measure(source: str, poppler: str | None) -> Sheet:
    """Return the size of a one-page PDF as displayed (crop box, after /Rotate).

    Raises PageUnreadable if it does not open and RenderFailed for a box that is no box.
    """
    try:
        info = pdfinfo_from_path(source, first_page=1, last_page=1, **_where(poppler))
    except (PDFPageCountError, ValueError) as error:
        raise PageUnreadable from error
    found = _SIZE.match(str(info.get("Page    1 size", "")))
    if found is None:
        raise PageUnreadable
    width, height = float(found["width"]), float(found["height"])
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise RenderFailed("The page has no area that could be drawn.")
    rotation = int(info.get("Page    1 rot", 0)) % 360
    if rotation in _SIDES_SWAPPED:
        width, height = height, width
    return Sheet(width, height, rotation)


def choose_dpi(sheet: Sheet, scan_dpi: float, pixels: int) -> int:
    """Return the resolution to draw at; ``scan_dpi`` of the picture that fills the page, or 0.

    A scan is drawn at its own resolution or a whole fraction or multiple of it, which keeps
    strokes sharp. Raises PixelsExceeded where ``pixels`` do not allow a readable resolution.
    """
    wanted = _for_scan(scan_dpi) if scan_dpi else float(TARGET_DPI)
    inches = sheet.width / 72, sheet.height / 72
    most = min(math.sqrt(pixels / (inches[0] * inches[1])), LONGEST_SIDE / max(inches))
    if most < min(wanted, LOWEST_DPI):
        raise PixelsExceeded
    return max(1, int(min(wanted, most)))


def draw(source: str, poppler: str | None, dpi: int, folder: Path) -> Drawing:
    """Draw a one-page PDF into ``folder``; raise RenderFailed, OutOfMemory or DiskFull."""
    paths = convert_from_path(
        source,
        dpi=dpi,
        output_folder=folder,
        output_file="page",
        single_file=True,
        grayscale=True,
        use_cropbox=True,
        paths_only=True,
        **_where(poppler),
    )
    path = Path(str(paths[0])) if paths else None
    if path is None or not _whole(path):
        _explain(source, poppler, dpi, folder)
        raise RenderFailed
    with Image.open(path, formats=["PPM"]) as image:
        return Drawing(path, dpi, *image.size)


def _where(poppler: str | None) -> dict[str, Any]:
    return {"poppler_path": poppler} if poppler else {}


def _for_scan(dpi: float) -> float:
    if dpi < COARSE_DPI:
        return dpi * max(1, FINE_DPI // dpi)
    return dpi / max(1, dpi // TARGET_DPI)


def _whole(path: Path) -> bool:
    """Whether a PGM file was written to its end: its header says how long it must be."""
    try:
        with Image.open(path, formats=["PPM"]) as image:
            return path.stat().st_size >= image.width * image.height
    except (OSError, ValueError):
        return False


def _explain(source: str, poppler: str | None, dpi: int, folder: Path) -> None:
    """Draw once more to learn what pdf2image does not tell: status and words of pdftoppm."""
    target = str(folder / "again")
    options = ["-r", str(dpi), "-gray", "-cropbox", "-singlefile"]
    programs.output([program(poppler, "pdftoppm"), *options, source, target], RenderFailed)
