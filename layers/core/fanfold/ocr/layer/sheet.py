"""What the objects of a page tell before anything of it is drawn. In the child.

poppler's programs take 10 to 15 ms each to start; opening a page that was cut for us takes one.
Boxes are read as poppler reads them, since its words and drawings are measured against them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Name, Object, Pdf

from fanfold.errors import PageUnreadable, RenderFailed
from fanfold.ocr.document.probe import DAMAGED
from fanfold.ocr.layer import page_objects, placed_images
from fanfold.ocr.layer.placed_images import Picture
from fanfold.ocr.picture.drawing import Sheet

_LETTER = (0.0, 0.0, 612.0, 792.0)
"""Points; what poppler takes for the size of a page that does not say."""

_CORNERS = 4
_NUMBERS = (int, Decimal)  # a boolean is none
_SIDES_SWAPPED = (90, 270)
_BIGGEST_ROTATION = 2**31
"""Beyond it poppler takes a number for none."""

Corners = tuple[float, float, float, float]


class Paper(NamedTuple):
    """A page unseen: its size, and whether there can be pictures, letters and ruled tables on it.

    ``placed`` holds its pictures where its objects tell them, which they do of most scans.
    """

    sheet: Sheet
    pictured: bool
    lettered: bool
    ruled: bool
    placed: tuple[Picture, ...] | None


def look(source: str) -> Paper:
    """Look at the objects of a one-page PDF.

    Raises PageUnreadable if it does not open and RenderFailed for a box that is no box.
    """
    try:
        with pikepdf.open(source) as pdf:
            return _paper(pdf)
    except (OSError, pikepdf.PikepdfError, *DAMAGED) as error:
        raise PageUnreadable from error


def _paper(pdf: Pdf) -> Paper:
    page = pdf.pages[0].obj
    pictured, lettered = page_objects.pictured(pdf), page_objects.lettered(pdf)
    told = pictured and not lettered and page_objects.length(page) <= placed_images.MOST
    ruled = lettered and page_objects.ruled(pdf)
    return Paper(
        _sheet(page), pictured, lettered, ruled, placed_images.pictures(page) if told else None
    )


def _sheet(page: Object) -> Sheet:
    """Return the size of a page as displayed (crop box within the media box, after /Rotate)."""
    media = _box(page.get(Name.MediaBox)) or _LETTER
    crop = _box(page.get(Name.CropBox)) or media
    width, height = (_length(crop[side::2], media[side::2]) for side in (0, 1))
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise RenderFailed("The page has no area that could be drawn.")
    rotation = _rotation(page.get(Name.Rotate))
    if rotation in _SIDES_SWAPPED:
        width, height = height, width
    return Sheet(width, height, rotation)


def _box(value: object) -> Corners | None:
    """Return the lower left and upper right corner of a box; None where it is none or all zero."""
    numbers: list[object] = []
    if isinstance(value, Array) and len(value) == _CORNERS:
        numbers = list(value)
    if not all(type(number) in _NUMBERS for number in numbers) or not any(numbers):
        return None
    (x0, x1), (y0, y1) = (sorted(map(_points, numbers[start::2])) for start in (0, 1))
    return x0, y0, x1, y1


def _points(number: object) -> float:
    return float(str(number))


def _length(crop: Sequence[float], media: Sequence[float]) -> float:
    """Return how much of a media box's side its crop box shows; a longer one shows it whole."""
    if crop[1] - crop[0] > media[1] - media[0]:
        return media[1] - media[0]
    begin, end = (min(max(edge, media[0]), media[1]) for edge in crop)
    return end - begin


def _rotation(value: object) -> int:
    return value % 360 if type(value) is int and abs(value) < _BIGGEST_ROTATION else 0
