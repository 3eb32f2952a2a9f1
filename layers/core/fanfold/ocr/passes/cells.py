"""Read those cells of a ruled grid in which reading the page as a whole found nothing.

Page segmentation takes shaded cells for pictures and columns of numbers for noise. Without rules
and shade, one below the other on a white sheet, they are one block of text. The better reading of
each counts; what was sure before stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PIL import Image, ImageOps

from fanfold.model import Box
from fanfold.ocr.passes import size, vote
from fanfold.ocr.passes.means import Means
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading, score
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import Row, placed

UNREAD_CELL = 60.0
"""Mean confidence of a cell's words below which they are none. Read alone wherever words are merely
doubtful (88), forms took twice the CPU and came out no better."""

_LEAST_CONFIDENCE = 30.0
"""Minimum confidence of a word that fills a cell of which nothing else was read."""

_CELL_PADDING = 16
_PAPER_LEVEL = 255
_NIGHT = 96
"""Paper darker than that has light letters."""

_LETTER_PIXELS = 8
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
            (box.x0 - _CELL_PADDING) / self.factor + self.left,
            (box.y0 - self.top) / self.factor + self.upper,
            (box.x1 - _CELL_PADDING) / self.factor + self.left,
            (box.y1 - self.top) / self.factor + self.upper,
        )


class _Sheet(NamedTuple):
    drawing: Drawing
    slots: tuple[_Slot, ...]


def wanted(found: Reading) -> bool:
    """Whether there are cells that should be read alone."""
    return any(True for _ in _unread(found))


def reread(found: Reading, means: Means) -> Reading:
    """Return ``found`` with the unread cells of its grids read alone, where that is better."""
    factor = size.factor(found, means.pixels) or 1.0
    sheet = _sheet(found.drawing, _unread(found), factor, means.pixels)
    seen = means.recogniser.read(sheet.drawing, Way(segmentation=6))
    rows = list(found.rows)
    legible = sum(score(slot.own(seen.rows)) > 0 for slot in sheet.slots)
    is_table = legible > len(sheet.slots) / 2  # not an ornament that looks ruled
    for slot in sheet.slots:
        old = [row for row in rows if row.word.box.inside(slot.cell)]
        new = vote.trusted(slot.own(seen.rows), old, f"old{slot.number}")
        if score(tuple(new)) > score(tuple(old)) or (is_table and not old and any(map(_said, new))):
            taken = {id(row) for row in old}
            rows = woven([row for row in rows if id(row) not in taken], new, "cell")
    return found.saying(tuple(rows))


def _said(row: Row) -> bool:
    """Whether a word may be what fills a cell that had none: doubtful ones stay, and are told."""
    word = row.word
    return word.confidence >= _LEAST_CONFIDENCE and any(map(str.isalnum, word.text))


def _unread(found: Reading) -> Iterator[tuple[Box, Box]]:
    """Yield what is within the rules of cells that should be read alone, and the cells' boxes."""
    inset = found.drawing.dpi / _INSET
    for place in (cell.box for grid in found.grids for cell in grid.cells):
        box = place.grown(-inset)
        if box.width < inset or box.height < inset or not _inked(found.drawing, box):
            continue
        words = [row.word.confidence for row in found.rows if row.word.box.inside(place)]
        if not words or sum(words) / len(words) < UNREAD_CELL:
            yield box, place


def _inked(picture: Drawing, box: Box) -> bool:
    small = box.scaled(picture.ink_scale)
    edges = (round(small.x0), round(small.y0), round(small.x1), round(small.y1))
    return sum(picture.ink.crop(edges).histogram()[ink.FAINT_INK :]) >= _LETTER_PIXELS


def _sheet(
    picture: Drawing, cells: Iterable[tuple[Box, Box]], factor: float, pixels: int
) -> _Sheet:
    """Put what is in ``cells`` below each other, enlarged by ``factor``; as many as there is room.

    ``cells`` are boxes of contents and of the whole cells, in pixels of ``picture``.
    """
    parts, slots, top, width = [], [], _CELL_PADDING, 0
    for number, (box, cell) in enumerate(cells):
        left, upper = round(box.x0), round(box.y0)
        part = _on_white(picture.image.crop((left, upper, round(box.x1), round(box.y1))))
        across, down = max(1, round(part.width * factor)), max(1, round(part.height * factor))
        if max(width, across) * (top + down) > pixels:
            break
        width = max(width, across)
        parts.append((part.resize((across, down), Image.Resampling.BICUBIC), top))
        slots.append(_Slot(cell, number, top, down, left, upper, factor))
        top += down + _CELL_PADDING
    sheet = Image.new("L", (width + 2 * _CELL_PADDING, top), _PAPER_LEVEL)
    for part, place in parts:
        sheet.paste(part, (_CELL_PADDING, place))
    return _Sheet(Drawing(sheet, size.WORD_DPI), tuple(slots))


def _on_white(cell: Image.Image) -> Image.Image:
    """Return a cell with its paper, which is most of it, white, and its letters dark."""
    paper = _paper(cell)
    if paper < _NIGHT:
        cell, paper = ImageOps.invert(cell), _PAPER_LEVEL - paper
    return cell.point(lambda level: min(_PAPER_LEVEL, level * _PAPER_LEVEL // paper))


def _paper(cell: Image.Image) -> int:
    counts = cell.histogram()
    return counts.index(max(counts))
