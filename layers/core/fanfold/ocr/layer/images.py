"""Which pictures lie on a page, and how finely they were scanned.

From ``pdfimages -list`` where the page's own objects do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fanfold.errors import PageUnreadable
from fanfold.ocr.isolation import programs
from fanfold.ocr.layer.placed_images import Picture
from fanfold.ocr.layer.sheet import Paper

_HEADER_LINES = 2
_PICTURE_KINDS = ("image", "stencil")
"""Soft masks lie under an image that is counted already."""


class Pictures(NamedTuple):
    """``share`` of the page under pictures (0 to 1) and the largest one's dots per inch, or 0."""

    share: float
    dpi: float


NO_PICTURES = Pictures(0.0, 0.0)


def look(source: str, poppler: str | None, paper: Paper) -> Pictures:
    """Look at the pictures of a one-page PDF; a program does where ``paper`` cannot tell."""
    found = paper.placed
    if found is None:
        command = [programs.poppler(poppler, "pdfimages"), "-list", source]
        found = listed(programs.run(command).value(PageUnreadable))
    return weigh(found, paper.sheet.width * paper.sheet.height / 72**2)


def weigh(found: Sequence[Picture], page_inches: float) -> Pictures:
    """Sum up the pictures of a page of ``page_inches`` square inches."""
    if not found or page_inches <= 0:
        return NO_PICTURES
    share = min(1.0, sum(picture.inches for picture in found) / page_inches)
    return Pictures(share, max(found).dpi)


def listed(listing: str) -> tuple[Picture, ...]:
    """Read a listing of pdfimages."""
    lines = listing.splitlines()[_HEADER_LINES:]
    return tuple(picture for line in lines if (picture := _picture(line)))


def _picture(line: str) -> Picture | None:
    """Read one line. An inline image has one column less, so the last ones count from the end."""
    fields = line.split()
    try:
        kind, width, height = fields[2], float(fields[3]), float(fields[4])
        across, down = float(fields[-4]), float(fields[-3])
    except (IndexError, ValueError):
        return None
    if kind not in _PICTURE_KINDS or across <= 0 or down <= 0:
        return None
    return Picture(width / across * height / down, min(across, down))
