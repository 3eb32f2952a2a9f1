"""The words of a table's cells, their lines, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from fanfold.model import Block, Box, Cell, Line, Word


def words(block: Block) -> list[tuple[Cell, list[Word]]]:
    """Return each cell of a block's table with its words, in reading order."""
    return [(cell, [w for line in lines for w in line.words]) for cell, lines in lined(block)]


def lined(block: Block) -> list[tuple[Cell, list[Line]]]:
    """Return each cell of a block's table with what of the block's lines is in it."""
    return [
        (cell, [_line(block, line, run) for line, run in groupby(held, key=lambda at: at[0])])
        for cell, held in numbered(block)
    ]


def numbered(block: Block) -> list[tuple[Cell, list[tuple[int, int]]]]:
    """Return each cell of a block's table with its words: which of which line, counted from 0.

    A word is in the cell that its middle lies in, which is how cells were filled, or in the
    nearest one: a page that was turned back has cells that lie a little beside their words.
    """
    cells = _cells(block)
    held: list[list[tuple[int, int]]] = [[] for _ in cells]
    places = _Places([cell.box for cell in cells])
    for number, line in enumerate(block.lines if cells else ()):
        for nth, word in enumerate(line.words):
            held[places.of(word.box)].append((number, nth))
    return list(zip(cells, held, strict=True))


def _line(block: Block, number: int, held: Iterable[tuple[int, int]]) -> Line:
    some = tuple(block.lines[number].words[nth] for _, nth in held)
    return Line(some, Box.around(word.box for word in some))


class _Places:
    """The boxes of cells, in bands that reach equally far up and down: tables have thousands."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        self._bands: dict[tuple[float, float], list[int]] = {}
        for number, box in enumerate(boxes):
            self._bands.setdefault((box.y0, box.y1), []).append(number)

    def of(self, word: Box) -> int:
        """Return the number of the first cell that holds a word's middle, or of the nearest one."""
        within = (
            number
            for (top, bottom), some in self._bands.items()
            if top <= word.middle_y <= bottom
            for number in some
            if word.inside(self._boxes[number])
        )
        if (first := min(within, default=None)) is not None:
            return first
        return min(range(len(self._boxes)), key=lambda n: _distance(self._boxes[n], word))


def _cells(block: Block) -> Sequence[Cell]:
    return block.table.cells if block.table else ()


def _distance(cell: Box, word: Box) -> float:
    """Return how far the middle of a word lies outside a cell."""
    across = max(cell.x0 - word.middle_x, 0.0, word.middle_x - cell.x1)
    return across + max(cell.y0 - word.middle_y, 0.0, word.middle_y - cell.y1)


def words_of(block: Block) -> list[Word]:
    """Return all words of a block, in reading order."""
    return [word for line in block.lines for word in line.words]


def confidence(of: Sequence[Word]) -> float | None:
    """Return the mean confidence of words, None where there are none."""
    return round(sum(word.confidence for word in of) / len(of), 1) if of else None
