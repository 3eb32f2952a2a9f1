"""Draw a page in grey at the resolution its text needs, within the pixels it may have.

pdf2image draws pages to be recognised. It starts three programs where one draws: some 15 ms of CPU,
a hundredth of a recognised page, but a third of a page that has its text and is only looked at.
That one is drawn by pdftoppm directly (``python -m bench.drawing`` prints the figures).
"""

from __future__ import annotations

import math
from pathlib import Path

from pdf2image import convert_from_path
from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPageCountError, PDFSyntaxError
from PIL import Image

from fanfold import workspace
from fanfold.errors import PixelsExceeded, RenderFailed
from fanfold.ocr.isolation import programs, verdict
from fanfold.ocr.picture.drawing import Drawing, Sheet

TARGET_DPI = 150
"""What most pages are drawn at. Recognition scales lines to a fixed height: on a 30-page book
150 dpi reads as well as 300 (CER .0187, .0197) for 3/4 of the CPU time."""

ENLARGED_DPI = 300
"""Maximum resolution that coarse scans are enlarged to."""

MINIMUM_SCAN_DPI = 110
"""Minimum resolution of scans that are not enlarged."""

SMALL_SHEET_INCHES, SMALL_SIDE = 4.0, 1650
"""A sheet whose longest side has less than so many inches is drawn so many pixels long, as a letter
page at 150 dpi, if its scan has them: most are pages whose resolution is told wrongly, others small
cards."""

MINIMUM_DPI = 100
"""Minimum resolution of a drawing where pixels are short: below it small print is lost, and to fail
is better than to return gibberish."""

LONGEST_SIDE = 32_000
"""Maximum of pixels along a side; leptonica and tesseract count with 15 bits."""

_SLACK = 2
"""Maximum of pixels by which a drawing is larger or smaller than its page: poppler rounds up."""

_LESS = 0.001
"""By how much fewer dots per inch poppler is asked for: where a picture's pixels are the drawing's,
it rounds its edges outwards, and makes one row and one column more of it by doubling some."""


def choose_dpi(sheet: Sheet, scan_dpi: float, pixels: int, least: float = TARGET_DPI) -> int:
    """Return the resolution to draw at; ``scan_dpi`` of the picture that fills the page, or 0.

    A scan is drawn at its own resolution or a whole fraction or multiple of it, which keeps
    strokes sharp: at ``least`` dots per inch, if it has them. Raises PixelsExceeded where
    ``pixels`` do not allow a readable resolution.
    """
    inches = sheet.width / 72, sheet.height / 72
    if max(inches) < SMALL_SHEET_INCHES:
        least = max(least, SMALL_SIDE / max(inches))
    wanted = _for_scan(scan_dpi, least) if scan_dpi else min(least, float(ENLARGED_DPI))
    most = min(math.sqrt(pixels / (inches[0] * inches[1])), LONGEST_SIDE / max(inches))
    if most < min(wanted, MINIMUM_DPI):
        raise PixelsExceeded
    return max(1, int(min(wanted, most)))


def draw(source: str, poppler: str | None, sheet: Sheet, dpi: int, folder: Path) -> Drawing:
    """Draw a one-page PDF into ``folder`` to recognise it; raise as ``draw_directly`` does.

    pdf2image keeps to itself how poppler ended. So a page that it leaves
    without a whole drawing is drawn once more by a program that we can hear.
    """
    path = _cleared(folder)
    try:
        convert_from_path(
            source,
            dpi - _LESS,  # type: ignore[arg-type]  # what it passes on may have decimals
            output_folder=folder,
            output_file=path.stem,
            single_file=True,
            grayscale=True,
            use_cropbox=True,
            paths_only=True,
            poppler_path=poppler,
            strict=True,  # raises what poppler complained of, when the page is drawn
        )
    except PDFSyntaxError as error:
        programs.hear(str(error))
    except (PDFInfoNotInstalledError, PDFPageCountError):
        pass  # then there is no drawing
    if not _whole(path):
        return draw_directly(source, poppler, sheet, dpi, folder)
    return _drawing(path, sheet, dpi)


def draw_directly(
    source: str, poppler: str | None, sheet: Sheet, dpi: int, folder: Path, *, colour: bool = False
) -> Drawing:
    """Draw a one-page PDF into ``folder``; raise RenderFailed, OutOfMemory or DiskFull."""
    path = _cleared(folder, ".ppm" if colour else ".pgm")
    options = ["-r", str(dpi - _LESS), *([] if colour else ["-gray"]), "-cropbox", "-singlefile"]
    program = programs.poppler(poppler, "pdftoppm")
    done = programs.run([program, *options, source, str(path.with_suffix(""))])
    if not _whole(path):
        written = path.stat().st_size if path.exists() else 0
        most = math.prod(side + _SLACK for side in _size(sheet, dpi)) * (3 if colour else 1)
        workspace.check_room(folder, most - written)
        raise verdict.of_program(done.status, done.complaint, RenderFailed)
    return _drawing(path, sheet, dpi)


def dpi(drawing: Drawing, sheet: Sheet) -> int:
    """Return how many pixels of a drawing are an inch of its page."""
    return round(max(drawing.width, drawing.height) / max(sheet.width, sheet.height) * 72)


def _cleared(folder: Path, ending: str = ".pgm") -> Path:
    """Return where to draw; what was drawn there before is removed."""
    path = (folder / "page").with_suffix(ending)
    path.unlink(missing_ok=True)
    return path


def _drawing(path: Path, sheet: Sheet, dpi: int) -> Drawing:
    """Take a drawing that is whole into memory; raise RenderFailed if ``sheet`` is not as large.

    Of a page that it can make nothing of, poppler draws a single white pixel.
    """
    # From a path Pillow would map the file, and its room on the disk stays taken.
    with path.open("rb") as stream, Image.open(stream, formats=["PPM"]) as image:
        image.load()
    path.unlink()
    if not all(map(_near, image.size, _size(sheet, dpi))):
        raise RenderFailed
    return Drawing(image, _believable(dpi, sheet))


def _size(sheet: Sheet, dpi: int) -> tuple[float, float]:
    """Return the width and height of a sheet in pixels."""
    return sheet.width / 72 * dpi, sheet.height / 72 * dpi


def _believable(dpi: int, sheet: Sheet) -> int:
    """Return ``dpi``, or that of a common page as many pixels long as a small sheet."""
    longest = max(sheet.width, sheet.height) / 72
    if longest >= SMALL_SHEET_INCHES:
        return dpi
    return min(dpi, max(TARGET_DPI, round(dpi * longest * TARGET_DPI / SMALL_SIDE)))


def _near(pixels: int, wanted: float) -> bool:
    return abs(pixels - wanted) <= _SLACK + wanted / 100


def _for_scan(dpi: float, least: float) -> float:
    if dpi < MINIMUM_SCAN_DPI:
        return dpi * max(1, ENLARGED_DPI // dpi)
    return dpi / max(1, dpi // least)


def _whole(path: Path) -> bool:
    """Whether a drawing was written to its end: its header says how long it must be."""
    try:
        with Image.open(path, formats=["PPM"]) as image:
            return path.stat().st_size >= image.width * image.height * len(image.getbands())
    except (OSError, ValueError):
        return False
