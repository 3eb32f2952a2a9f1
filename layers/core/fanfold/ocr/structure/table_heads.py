"""Which rows at the top of a table name its columns, as far as numbers tell.

A head has words above columns of numbers. Where nothing below is a number, or the head is made of
years, nobody can tell it from a row of the table without reading: such tables have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from fanfold.model import Block, Cell, Table

_FIGURE = re.compile(r"[^\w(+-]*[(+-]?\W*\d[\d.,:/'’% ]*(?:[^\W\d]{1,3}\b|\W)*")
"""A number with its signs, currency or unit."""

_MINIMUM_FIGURES = 2
"""Minimum of numbers below the head of a column."""

_FIGURES_SHARE = 0.7
"""Minimum share of a column's cells below the head that are numbers."""

_MINIMUM_NAMED = 0.5
"""Minimum share of the columns that a head names."""


def told(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks whose tables say how many rows their head has."""
    for block in blocks:
        table = block.table
        yield block if table is None else replace(block, table=replace(table, head=_rows(table)))


def _rows(table: Table) -> int:
    """Return how many rows the head of a table has: two where its first row spans columns."""
    rows = 2 if any(cell.row == 0 and cell.column_span > 1 for cell in table.cells) else 1
    head = [cell for cell in table.cells if cell.row < rows and cell.text.strip()]
    named = {column for cell in head if cell.row == rows - 1 for column in _columns(cell)}
    if table.rows <= rows or any(map(_is_number, head)):
        return 0
    if len(named) < _MINIMUM_NAMED * table.columns or len(named) < _MINIMUM_FIGURES:
        return 0
    return rows if any(_of_numbers(table, column, rows) for column in named) else 0


def _of_numbers(table: Table, column: int, first: int) -> bool:
    below = [
        cell
        for cell in table.cells
        if cell.row >= first and cell.column == column and cell.text.strip()
    ]
    numbers = sum(map(_is_number, below))
    return numbers >= max(_MINIMUM_FIGURES, _FIGURES_SHARE * len(below))


def _is_number(cell: Cell) -> bool:
    return bool(_FIGURE.fullmatch(cell.text.strip()))


def _columns(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.column_span)
