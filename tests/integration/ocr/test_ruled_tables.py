"""Ruled tables on scans: every cell is read, and the table's rows and columns come out."""

from __future__ import annotations

from fanfold.model import Source
from tests.data import forms, pdfs

ROWS = [
    ["Part", "Price", "Stock"],
    ["Lamp", "12.50", "40"],
    ["Wick", "0.75", "1200"],
    ["Lens", "99.00", "3"],
]


def read_table(read, tmp_path, picture):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, picture)
    path = tmp_path / "table.pdf"
    path.write_bytes(pdfs.save(pdf))
    page = read(path).page
    assert page.source is Source.OCR
    (block,) = [block for block in page.blocks if block.table]
    table = block.table
    return page, [[c.text for c in table.cells if c.row == row] for row in range(table.rows)]


def test_a_ruled_table_is_read_to_rows_and_cells(read, tmp_path):
    page, cells = read_table(read, tmp_path, forms.table(ROWS))
    assert cells == ROWS
    for cell in (cell for block in page.blocks if block.table for cell in block.table.cells):
        assert 0 < cell.box.x0 < cell.box.x1 < page.width
        assert 0 < cell.box.y0 < cell.box.y1 < page.height


def test_shaded_cells_are_read_like_others(read, tmp_path):
    shade = [(row, 0) for row in range(4)] + [(0, 1), (0, 2)]
    assert read_table(read, tmp_path, forms.table(ROWS, shade=shade))[1] == ROWS


def test_a_table_that_rules_its_columns_only_has_its_rows(read, tmp_path):
    picture = forms.table(ROWS, ruled=(0, 1), sides=False, row=60)
    assert read_table(read, tmp_path, picture)[1] == ROWS
