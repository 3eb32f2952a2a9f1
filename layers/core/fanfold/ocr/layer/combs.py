"""Fields of forms with a cell for each letter (comb fields), whose letters are put together.

Such a field says how many cells it has (ISO 32000-1, 12.7.4.3): letters in cells side by side are
one word, and an empty cell parts two. Cells that are only drawn say nothing, and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from fanfold import page_boxes
from fanfold.bidi import runs_left
from fanfold.model import Box
from fanfold.ocr.layer import spacing
from fanfold.ocr.words import Row

_COMB = 1 << 24
"""The field's flag for cells of one letter."""

_FEWEST_LETTERS = 2
"""Words of one letter from which a page may have such a field, and the fewest cells of one."""


_OUT_OF_CELL = 0.3
"""Maximum distance of a letter from its place, in widths of a cell: they may stand at the left."""


class _Field(NamedTuple):
    box: Box
    cell: float


def joined(source: str, rows: Sequence[Row]) -> list[Row]:
    """Put the letters of a one-page PDF's comb fields together, where its first letter stands.

    ``rows`` are in points as displayed. They stay as they are where the file is too broken.
    """
    if sum(len(row.word.text) == 1 for row in rows) < _FEWEST_LETTERS:
        return list(rows)
    try:
        with pikepdf.open(source) as pdf:
            fields = list(_fields(pdf))
    except (OSError, pikepdf.PikepdfError, LookupError, TypeError, ValueError):
        return list(rows)
    for field in fields:
        rows = _filled(field, rows)
    return list(rows)


def _fields(pdf: Pdf) -> Iterator[_Field]:
    """Yield the page's comb fields whose letters stand beside each other as displayed."""
    page = pdf.pages[0].obj
    notes = page.get(Name.Annots)
    for note in list(notes) if isinstance(notes, Array) else []:
        if isinstance(note, Dictionary) and (cells := _cells(note)) >= _FEWEST_LETTERS:
            box = Box(*page_boxes.displayed(page).place(_edges(note)))
            if box.width > box.height:
                yield _Field(box, box.width / cells)


def _cells(note: Object) -> int:
    """Return how many cells a field has; 0 for what is no comb field."""
    is_comb = note.get(Name.FT) == Name.Tx and int(note.get(Name.Ff, 0)) & _COMB
    return int(note.get(Name.MaxLen, 0)) if is_comb else 0


def _edges(note: Object) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(str(edge)) for edge in list(note[Name.Rect]))
    return x0, y0, x1, y1


def _filled(field: _Field, rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows with those in a field as its words, all at the place of the first."""
    within = [row for row in rows if row.word.box.inside(field.box)]
    if len(within) < _FEWEST_LETTERS or runs_left("".join(row.word.text for row in within)):
        return rows
    letters = sorted(within, key=lambda row: row.word.box.x0)
    steps = list(_steps(field, letters))
    if None in steps:
        return rows
    words = [spacing.one(word) for word in _words(letters, steps)]
    first = next(i for i, row in enumerate(rows) if row is within[0])
    inside = {id(row) for row in within}
    placed = [each._replace(paragraph=within[0].paragraph, line=within[0].line) for each in words]
    rest = [row for row in rows[first:] if id(row) not in inside]
    return [*rows[:first], *placed, *rest]


def _steps(field: _Field, letters: Sequence[Row]) -> Iterator[int | None]:
    """Yield how many cells each letter is behind the one before it; None where they are in none.

    A text that somebody else drew in the field, at its usual distances, is in no cells.
    """
    for before, row in pairwise(letters):
        cells = (row.word.box.middle_x - before.word.box.middle_x) / field.cell
        single = len(row.word.text) == len(before.word.text) == 1
        in_cells = single and cells > _OUT_OF_CELL and abs(cells - round(cells)) <= _OUT_OF_CELL
        yield round(cells) if in_cells else None


def _words(letters: Sequence[Row], steps: Sequence[int | None]) -> Iterator[list[Row]]:
    """Yield the letters of each word: behind an empty cell begins another."""
    word = [letters[0]]
    for row, step in zip(letters[1:], steps, strict=True):
        if step != 1:
            yield word
            word = []
        word.append(row)
    yield word
