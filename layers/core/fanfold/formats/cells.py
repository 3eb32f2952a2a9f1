"""The words of a table's cells, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence

from fanfold.model import Block, Cell, Table, Word


def words(block: Block) -> list[tuple[Cell, list[Word]]]:
    """Return each cell of a block's table with its words: those whose middle lies in it.

    Cells were made by that rule. A word on the edge of two is the first one's.
    """
    table = block.table or Table(0, 0, ())
    held: list[tuple[Cell, list[Word]]] = [(cell, []) for cell in table.cells]
    for word in words_of(block):
        place = next((own for cell, own in held if word.box.inside(cell.box)), None)
        if place is not None:
            place.append(word)
    return held


def words_of(block: Block) -> list[Word]:
    """Return all words of a block, in reading order."""
    return [word for line in block.lines for word in line.words]


def confidence(of: Sequence[Word]) -> float | None:
    """Return the mean confidence of words, None where there are none."""
    return round(sum(word.confidence for word in of) / len(of), 1) if of else None
