"""The words of a table's cells, their lines, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence

from fanfold.model import Block, Box, Cell, Line, Word


def words(block: Block) -> list[tuple[Cell, list[Word]]]:
    """Return each cell of a block's table with its words, in reading order."""
    return [(cell, [w for line in lines for w in line.words]) for cell, lines in lined(block)]


def lined(block: Block) -> list[tuple[Cell, list[Line]]]:
    """Return each cell of a block's table with what of the block's lines is in it.

    A word is in the cell that its middle lies in, which is how cells were filled, or in the
    nearest one: a page that was turned back has cells that lie a little beside their words.
    """
    held: list[tuple[Cell, list[Line]]] = [(cell, []) for cell in _cells(block)]
    for line in block.lines if held else ():
        own: dict[int, list[Word]] = {}
        for word in line.words:
            nearest = min(range(len(held)), key=lambda n: _distance(held[n][0].box, word.box))
            own.setdefault(nearest, []).append(word)
        for number, some in own.items():
            held[number][1].append(Line(tuple(some), Box.around(word.box for word in some)))
    return held


def _cells(block: Block) -> Sequence[Cell]:
    return block.table.cells if block.table else ()


def _distance(cell: Box, word: Box) -> float:
    """Return how far the middle of a word lies outside a cell; 0 within."""
    across = max(cell.x0 - word.middle_x, 0.0, word.middle_x - cell.x1)
    return across + max(cell.y0 - word.middle_y, 0.0, word.middle_y - cell.y1)


def words_of(block: Block) -> list[Word]:
    """Return all words of a block, in reading order."""
    return [word for line in block.lines for word in line.words]


def confidence(of: Sequence[Word]) -> float | None:
    """Return the mean confidence of words, None where there are none."""
    return round(sum(word.confidence for word in of) / len(of), 1) if of else None
