"""Read those cells of a ruled grid in which reading the page as a whole found nothing.

Page segmentation takes shaded cells for pictures and columns of numbers for noise. Without rules
and shade, one below the other on a white sheet, they are one block of text. The better reading of
each counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PIL import Image, ImageOps

from fanfold.errors import PageError
from fanfold.model import Box
from fanfold.ocr.passes import doubtful, unread_ink
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.grids import Grid
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recogniser, Recognition, Way
from fanfold.ocr.words import Row, placed

GIBBERISH = 60.0
"""Mean confidence of a cell's words below which they are none. Read alone wherever words are merely
doubtful (88), forms took twice the CPU and came out no better."""

_PADDING = 16
_PAPER = 255
_NIGHT = 96
"""Paper darker than that has light letters."""

_INK = 8
"""Pixels of the small copy that dark make a letter."""

_INSET = 25
"""A cell's contents begin an inch divided by that within its rules."""


class _Slot(NamedTuple):
    """Where a cell's contents stand on the sheet, and where on the picture they come from."""

    cell: Box
    number: int
    top: int
    height: int
    left: int
    upper: int
    factor: float

    def own(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """Return the words of this slot, in pixels of the picture."""
        place = Box(0, self.top, math.inf, self.top + self.height)
        name = f"cell{self.number}"
        return tuple(
            row._replace(paragraph=(name, ".".join(row.paragraph)))
            for row in placed((r for r in rows if r.word.box.inside(place)), self._back)
        )

    def _back(self, box: Box) -> Box:
        return Box(
            (box.x0 - _PADDING) / self.factor + self.left,
            (box.y0 - self.top) / self.factor + self.upper,
            (box.x1 - _PADDING) / self.factor + self.left,
            (box.y1 - self.top) / self.factor + self.upper,
        )


class _Sheet(NamedTuple):
    drawing: Drawing
    slots: tuple[_Slot, ...]


def reread(
    found: Recognition,
    picture: Drawing,
    shown: Image.Image,
    grids: Sequence[Grid],
    recogniser: Recogniser,
    pixels: int,
) -> Recognition:
    """Return ``found`` with the unread cells of ``grids`` read alone, where that is better.

    ``shown`` is the ink of ``picture``; what is read takes at most ``pixels``.
    """
    todo = list(_unread(found.rows, picture, shown, grids))
    if not todo:
        return found
    sheet = _sheet(picture, todo, doubtful.scale(found, picture, pixels) or 1.0, pixels)
    try:
        seen = recogniser.read(sheet.drawing, Way(segmentation=6))
    except PageError:  # what was read already stands
        return found
    rows = list(found.rows)
    for slot in sheet.slots:
        old = [row for row in rows if row.word.box.inside(slot.cell)]
        new = slot.own(seen.rows)
        if Recognition(new).worth > Recognition(tuple(old)).worth:
            taken = {id(row) for row in old}
            rows = unread_ink.woven([row for row in rows if id(row) not in taken], new)
    return found._replace(rows=tuple(rows))


def _unread(
    rows: Sequence[Row], picture: Drawing, shown: Image.Image, grids: Iterable[Grid]
) -> Iterable[tuple[Box, Box]]:
    """Yield what is within the rules of cells that should be read alone, and the cells' boxes."""
    scale, inset = shown.width / picture.width, picture.dpi / _INSET
    for place in (cell.box for grid in grids for cell in grid.cells):
        box = place.grown(-inset)
        if box.width < inset or box.height < inset or not _inked(shown, box, scale):
            continue
        words = [row.word.confidence for row in rows if row.word.box.inside(place)]
        if not words or sum(words) / len(words) < GIBBERISH:
            yield box, place


def _inked(shown: Image.Image, box: Box, scale: float) -> bool:
    small = box.scaled(scale)
    cell = shown.crop((round(small.x0), round(small.y0), round(small.x1), round(small.y1)))
    return sum(cell.histogram()[ink.FAINT :]) >= _INK


def _sheet(
    picture: Drawing, cells: Iterable[tuple[Box, Box]], factor: float, pixels: int
) -> _Sheet:
    """Put what is in ``cells`` below each other, enlarged by ``factor``; as many as there is room.

    ``cells`` are boxes of contents and of the whole cells, in pixels of ``picture``.
    """
    parts, slots, top = [], [], _PADDING
    with Image.open(picture.path, formats=["PPM"]) as image:
        image.load()
    width = 0
    for number, (box, cell) in enumerate(cells):
        left, upper = round(box.x0), round(box.y0)
        part = _on_white(image.crop((left, upper, round(box.x1), round(box.y1))))
        size = max(1, round(part.width * factor)), max(1, round(part.height * factor))
        if max(width, size[0]) * (top + size[1]) > pixels:
            break
        width = max(width, size[0])
        parts.append((part.resize(size, Image.Resampling.BICUBIC), top))
        slots.append(_Slot(cell, number, top, size[1], left, upper, factor))
        top += size[1] + _PADDING
    sheet = Image.new("L", (width + 2 * _PADDING, top), _PAPER)
    for part, place in parts:
        sheet.paste(part, (_PADDING, place))
    path = picture.path.with_name("cells.pgm")
    sheet.save(path)
    return _Sheet(Drawing(path, doubtful.WORD_DPI, *sheet.size), tuple(slots))


def _on_white(cell: Image.Image) -> Image.Image:
    """Return a cell with its paper, which is most of it, white, and its letters dark."""
    paper = _paper(cell)
    if paper < _NIGHT:
        cell, paper = ImageOps.invert(cell), _PAPER - paper
    return cell.point(lambda level: min(_PAPER, level * _PAPER // paper))


def _paper(cell: Image.Image) -> int:
    counts = cell.histogram()
    return counts.index(max(counts))
