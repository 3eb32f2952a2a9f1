"""Which rows of a table are its head."""

from __future__ import annotations

import pytest

from fanfold.model import Block, Box, Cell, Table
from fanfold.ocr.structure import table_heads

BOX = Box(0, 0, 1, 1)


def head_of(*rows: str, spanning: int = 0) -> int:
    """Return the rows of the head; cells are parted by ``|``, ``spanning`` columns by the first."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    cells = [
        Cell(n, column + (spanning - 1 if n == 0 and spanning and column else 0), BOX, text)
        for n, row in enumerate(texts)
        for column, text in enumerate(row)
    ]
    if spanning:
        cells[0] = Cell(0, 0, BOX, texts[0][0], 1, spanning)
    (told,) = table_heads.told([Block((), BOX, Table(len(rows), len(texts[-1]), tuple(cells)))])
    assert told.table is not None
    return told.table.head


@pytest.mark.parametrize(
    "rows",
    [
        ("Item | Price", "Salt | 12.50", "Oil | 7.00"),
        ("Item | Price (EUR)", "Salt | € 1.250,00", "Oil | (7) kg"),
        ("Part No. | Table No.", "1 | 13 A", "2 | 14 A", "3 |"),
    ],
)
def test_words_above_columns_of_numbers_are_a_head(rows):
    assert head_of(*rows) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ("Salt | 12.50", "Oil | 7.00", "Wine | 3.10"),
        ("Item | 2024", "Salt | 12", "Oil | 7"),
        ("Name | Town", "Ada | London", "Emil | Kiel"),
        ("Item | ", "Salt | 12.50", "Oil | 7.00"),
        ("Item | Price", "Salt | 12.50"),
        ("Item | Price",),
    ],
)
def test_rows_that_may_be_any_row_are_none(rows):
    assert head_of(*rows) == 0


def test_a_row_that_spans_columns_has_the_next_one_with_it():
    assert head_of("Costs", "Item | Price", "Salt | 12.50", "Oil | 7.00", spanning=2) == 2


def test_a_block_that_is_no_table_stays_as_it_is():
    plain = Block((), BOX)
    assert list(table_heads.told([plain])) == [plain]
