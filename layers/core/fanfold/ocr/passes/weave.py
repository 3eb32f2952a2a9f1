"""Put words that a further look found where they are read, among those that are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from fanfold.bidi import runs_left
from fanfold.model import Box
from fanfold.ocr.words import Row

_SHORT_ANSWER = 2
_FAR, _BESIDE = 8.0, 2.0
"""Up to two words, a number or an answer, belong to the line beside them if they are no further
off than eight times their height; more words may be a column of their own."""


def woven(known: Sequence[Row], added: Sequence[Row], name: str, far: float = _FAR) -> list[Row]:
    """Put words where they are read: into the line beside them, or else behind what is above.

    Then they are paragraphs of their own; their ``name`` must not be that of others. ``far`` is how
    far off one or two words may be from the line beside them, in their heights.
    """
    rows = list(known)
    for number, line in enumerate(_lines(added)):
        beside = _beside(rows, line, far)
        if beside is None:
            place, paragraph, called = _behind(rows, line), (name, str(number)), line[0].line
        else:
            neighbour = rows[beside]
            paragraph, called = neighbour.paragraph, neighbour.line
            behind = line[0].word.box.middle_x > neighbour.word.box.middle_x
            place = beside + behind
        rows[place:place] = [Row(paragraph, called, row.word) for row in line]
    return rows


def _lines(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield lines, parted where they are wide open: words that are known may stand there."""
    for _, group in groupby(rows, key=lambda row: (row.paragraph, row.line)):
        line: list[Row] = []
        for row in group:
            if line and row.word.box.x0 - line[-1].word.box.x1 > _BESIDE * row.word.box.height:
                yield line
                line = []
            line.append(row)
        yield line


def _beside(rows: Sequence[Row], line: Sequence[Row], far: float) -> int | None:
    """Return the place of the word that ``line`` belongs next to, if it belongs to a line."""
    box = Box.around(row.word.box for row in line)
    reach = (far if len(line) <= _SHORT_ANSWER else _BESIDE) * box.height
    near = [
        (gap, place)
        for place, row in enumerate(rows)
        if row.word.box.level(box)
        and (gap := max(row.word.box.x0 - box.x1, box.x0 - row.word.box.x1)) <= reach
        and not runs_left(row.word.text)
    ]
    return min(near)[1] if near else None


def _behind(rows: Sequence[Row], line: Sequence[Row]) -> int:
    """Return the place behind the last paragraph that ends above a line or stands left of it.

    Its column is as wide as the last paragraph above it: shorter ones, a last line say, belong
    to it. Where there is none, all that end above it at the page's beginning come first: a title
    that stands further to the right, say. A paragraph that the line stands in, which can be the
    whole page, is parted between its lines.
    """
    box = Box.around(row.word.box for row in line)
    middle = box.middle_y
    place, first, end, above_all = 0, 0, 0, True
    column: Box | None = None
    for _, group in groupby(rows, key=lambda row: row.paragraph):
        paragraph = list(group)
        end += len(paragraph)
        around = Box.around(row.word.box for row in paragraph)
        if around.y0 < middle < around.y1 and around.across(box):
            return end - len(paragraph) + _above(paragraph, middle)
        above_all = above_all and around.y1 <= middle
        first = end if above_all else first
        below = around.y1 <= middle
        if below and around.across(box):
            column = around
        if (below and column and around.across(column)) or (
            around.x1 <= box.x0 and around.y0 <= middle <= around.y1
        ):
            place = end
    return place or first


def _above(paragraph: Sequence[Row], middle: float) -> int:
    """Return how many words of a paragraph come before its first line below ``middle``."""
    count = 0
    for _, group in groupby(paragraph, key=lambda row: row.line):
        line = list(group)
        box = Box.around(row.word.box for row in line)
        if box.middle_y > middle:
            break
        count += len(line)
    return count
