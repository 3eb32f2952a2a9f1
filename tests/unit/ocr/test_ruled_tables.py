import pytest
from PIL import Image, ImageDraw

from fanfold.model import Box, Word
from fanfold.ocr.picture import grids as ruled_grids
from fanfold.ocr.picture import ruled_lines
from fanfold.ocr.structure import ruled_tables
from fanfold.ocr.words import Row
from tests.data import forms, pictures, prose

DPI = 150
PRICES = [["Part", "Price", "Note"], ["Lamp", "12.50", "new"], ["Wick", "0.75", "old"]]


def grids(picture):
    return ruled_grids.find(ruled_lines.find(picture, DPI), DPI)


def words(rows, column=300, row=80):
    """Give the words of a table as they were read: the left columns first, as tesseract may."""
    return [
        Row(
            (str(c), "0"),
            str(r),
            Word(text, Box(130 + c * column, 224 + r * row, 230 + c * column, 250 + r * row), 90),
        )
        for c in range(len(rows[0]))
        for r in range(len(rows))
        for text in rows[r][c].split()
    ]


def texts(table):
    return [[c.text for c in table.cells if c.row == row] for row in range(table.rows)]


def test_text_has_no_rules():
    found = ruled_lines.find(pictures.page(prose.LIGHTHOUSE[0]), pictures.DPI)
    assert found == ruled_lines.Rules((), ())


@pytest.mark.parametrize("angle", [0, 0.4, -0.4])
def test_rules_are_found_though_they_slant_a_little(angle):
    picture = forms.table(PRICES).rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    (found,) = grids(picture)
    assert (found.rows, found.columns, len(found.cells)) == (3, 3, 9)


def test_bars_and_pictures_are_no_rules():
    picture = Image.new("L", (1400, 1000), 255)
    ImageDraw.Draw(picture).rectangle((100, 100, 900, 160), fill=0)
    assert ruled_lines.find(picture, DPI) == ruled_lines.Rules((), ())


def test_a_frame_around_a_page_is_no_grid():
    assert grids(forms.table([["one cell"]], column=1200, row=700)) == ()


def test_underlines_are_no_grid():
    picture = Image.new("L", (1400, 1000), 255)
    for y in (200, 300, 400):
        ImageDraw.Draw(picture).rectangle((100, y, 900, y + 2), fill=0)
    assert grids(picture) == ()


def test_cells_without_a_rule_between_them_are_one():
    picture = forms.table(PRICES)
    ImageDraw.Draw(picture).rectangle((390, 210, 410, 270), fill=255)  # between the heads
    (found,) = grids(picture)
    assert found.cells[0][:4] == (0, 0, 1, 2)
    assert len(found.cells) == 8


def test_words_come_row_by_row_whatever_the_order_they_were_read_in():
    (block,) = ruled_tables.gather(words(PRICES), grids(forms.table(PRICES)))
    assert texts(block.table) == PRICES
    assert [line.text for line in block.lines] == [" ".join(row) for row in PRICES]


def test_a_table_that_rules_its_head_and_columns_only_is_parted_by_its_lines():
    rows = [*PRICES, ["Oil", "3.20", "pure"], ["Lens", "99.00", "cut"]]
    picture = forms.table(rows, ruled=(0, 1), sides=False)
    (block,) = ruled_tables.gather(words(rows), grids(picture))
    assert texts(block.table) == rows
    tops = [cell.box.y0 for cell in block.table.cells if cell.column == 0]
    assert tops == sorted(tops)


def test_lines_of_one_cell_stay_together():
    rows = [["Keeper", "Ann Marie"], ["Address", "Rock 1"]]
    second = Row(("1", "0"), "9", Word("Harbour", Box(430, 342, 520, 359), 90))
    (block,) = ruled_tables.gather([*words(rows), second], grids(forms.table(rows)))
    assert block.table.cells[3].text == "Rock 1\nHarbour"
    assert [line.text for line in block.lines][-3:] == ["Address", "Rock 1", "Harbour"]


def test_what_stands_outside_the_table_stays_where_it_is():
    def line(text, y):
        return Row((text, "0"), "0", Word(text, Box(130, y, 400, y + 20), 90))

    rows = [line("above", 100), *words(PRICES), line("below", 700)]
    blocks = ruled_tables.gather(rows, grids(forms.table(PRICES)))
    assert [bool(block.table) for block in blocks] == [False, True, False]


def test_a_frame_with_one_long_text_is_no_table():
    frame = forms.table([["", ""], ["", ""]], column=600, row=380, ruled=(0,), sides=True)
    text = [
        Row(("1", "0"), str(n), Word(f"line {n}", Box(130, 210 + 30 * n, 600, 230 + 30 * n), 90))
        for n in range(20)
    ]
    assert all(block.table is None for block in ruled_tables.gather(text, grids(frame)))


def test_every_place_of_the_grid_belongs_to_one_cell():
    (found,) = grids(forms.table(PRICES))
    places = [
        (row, column)
        for cell in found.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert sorted(places) == [(row, column) for row in range(3) for column in range(3)]


def test_a_grid_that_cuts_lines_of_text_is_none():
    found = grids(forms.table(PRICES))
    sentences = [
        Row(("1", "0"), str(r), Word(f"word{n}", Box(110 + 60 * n, y, 165 + 60 * n, y + 26), 90))
        for r, y in enumerate(range(224, 440, 80))
        for n in range(14)
    ]
    blocks = ruled_tables.gather(sentences, found)
    assert found
    assert [one.table for one in blocks] == [None]


@pytest.mark.parametrize("beyond", [True, False])
def test_a_grid_that_rules_only_the_middle_of_a_table_is_none(beyond):
    grid = grids(forms.table(PRICES))
    rows = [
        Row(("0", "0"), str(r), Word(text, Box(x, 224 + r * 80, x + 60, 250 + r * 80), 90))
        for r, cells in enumerate(PRICES)
        for text, x in (
            *((text, 130 + c * 300) for c, text in enumerate(cells)),
            *(((f"{r}.", 20), ("end", 1150)) if beyond else ()),
        )
    ]
    assert any(block.table for block in ruled_tables.gather(rows, grid)) is not beyond
