"""Which pictures lie on a page, and how finely they were scanned (``pdfimages -list``)."""

from __future__ import annotations

from typing import NamedTuple

from fanfold.errors import PageUnreadable
from fanfold.ocr import programs
from fanfold.ocr.engine import program

_HEADER_LINES = 2
_COUNTED = ("image", "stencil")
"""Soft masks lie under an image that is counted already."""


class Pictures(NamedTuple):
    """``share`` of the page under pictures (0 to 1) and the largest one's dots per inch, or 0."""

    share: float
    dpi: float


NONE = Pictures(0.0, 0.0)


class _Picture(NamedTuple):
    inches: float
    """Area in square inches."""
    dpi: float


def look(source: str, poppler: str | None, width: float, height: float) -> Pictures:
    """Look at the pictures of a one-page PDF of ``width`` × ``height`` points."""
    listing = programs.output([program(poppler, "pdfimages"), "-list", source], PageUnreadable)
    return weigh(listing, width * height / 72**2)


def weigh(listing: str, page_inches: float) -> Pictures:
    """Read the listing of a page of ``page_inches`` square inches."""
    found = [p for line in listing.splitlines()[_HEADER_LINES:] if (p := _picture(line))]
    if not found or page_inches <= 0:
        return NONE
    share = min(1.0, sum(picture.inches for picture in found) / page_inches)
    return Pictures(share, max(found).dpi)


def _picture(line: str) -> _Picture | None:
    """Read one line. An inline image has one column less, so the last ones count from the end."""
    fields = line.split()
    try:
        kind, width, height = fields[2], float(fields[3]), float(fields[4])
        across, down = float(fields[-4]), float(fields[-3])
    except (IndexError, ValueError):
        return None
    if kind not in _COUNTED or across <= 0 or down <= 0:
        return None
    return _Picture(width / across * height / down, min(across, down))
