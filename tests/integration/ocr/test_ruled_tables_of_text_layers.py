"""Ruled tables of born-digital pages: their rows and columns come out, and nothing is lost."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from fanfold.model import Source
from fanfold.ocr.layer import page_objects, sheet
from tests.data import pdfs, prose

ROWS = [
    ["Part", "Price", "Stock"],
    ["Lamp of brass", "12.50", "40"],
    ["Wick", "0.75", "1200"],
    ["Lens", "99.00", "3"],
]
LEFT, TOP, WIDTH, HEIGHT = 72, 700, 150, 40
FONT = Dictionary(
    Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
)


def text(x, y, words):
    return f"BT /F1 11 Tf {x} {y} Td ({words}) Tj ET\n"


def cells(by_column=True):
    """Write the cells: the left columns first, as some programs do."""
    places = [(r, c) for r in range(len(ROWS)) for c in range(len(ROWS[0]))]
    if by_column:
        places.sort(key=lambda place: place[::-1])
    return "".join(text(LEFT + c * WIDTH + 6, TOP - r * HEIGHT - 24, ROWS[r][c]) for r, c in places)


def lines():
    right, bottom = LEFT + WIDTH * len(ROWS[0]), TOP - HEIGHT * len(ROWS)
    across = [f"{LEFT} {y} m {right} {y} l S\n" for y in range(bottom, TOP + 1, HEIGHT)]
    down = [f"{x} {bottom} m {x} {TOP} l S\n" for x in range(LEFT, right + 1, WIDTH)]
    return "".join([*across, *down])


def frames():
    return "".join(
        f"{LEFT + c * WIDTH} {TOP - (r + 1) * HEIGHT} {WIDTH} {HEIGHT} re S\n"
        for r in range(len(ROWS))
        for c in range(len(ROWS[0]))
    )


def bars():
    """Draw each rule as a filled rectangle half a point thick."""
    right, bottom = LEFT + WIDTH * len(ROWS[0]), TOP - HEIGHT * len(ROWS)
    across = [f"{LEFT} {y} {right - LEFT} .5 re f\n" for y in range(bottom, TOP + 1, HEIGHT)]
    down = [f"{x} {bottom} .5 {TOP - bottom} re f\n" for x in range(LEFT, right + 1, WIDTH)]
    return "".join([*across, *down])


@pytest.fixture
def write(tmp_path):
    def write(content, form=""):
        pdf, resources = pdfs.new(), Dictionary(FONT)
        if form:
            stream = pdf.make_stream(form.encode(), Type=Name.XObject, Subtype=Name.Form)
            stream.BBox = pikepdf.Array([0, 0, 595, 842])
            resources.XObject = Dictionary(X1=stream)
        pdfs.add_page(pdf, content.encode(), pdfs.A4, resources)
        path = tmp_path / "table.pdf"
        path.write_bytes(pdfs.save(pdf))
        return path

    return write


def found(page):
    (block,) = [block for block in page.blocks if block.table]
    return [[c.text for c in block.table.cells if c.row == row] for row in range(block.table.rows)]


@pytest.mark.parametrize("rules", [lines, frames, bars])
def test_a_ruled_table_comes_out_as_rows_and_cells(read, write, rules):
    page = read(write(rules() + cells())).page
    assert page.source is Source.NATIVE
    assert found(page) == ROWS
    (block,) = [block for block in page.blocks if block.table]
    assert [line.text for line in block.lines] == [" ".join(row) for row in ROWS]
    corner = block.table.cells[0].box
    assert (corner.x0, corner.y0) == pytest.approx((LEFT, 842 - TOP), abs=1)


def test_rules_in_a_form_are_seen(read, write):
    assert found(read(write("/X1 Do\n" + cells(), lines())).page) == ROWS


def test_frames_that_cut_through_lines_are_no_table(read, write):
    sentences = "".join(
        text(LEFT + 6, TOP - n * 20 - 15, prose.LIGHTHOUSE[0][n * 60 :][:60]) for n in range(8)
    )
    page = read(write(lines() + sentences)).page
    assert not any(block.table for block in page.blocks)
    assert len(page.words) == len(read(write(sentences)).page.words)


@pytest.mark.parametrize(
    "content",
    [
        "0 0 2479 3507 re W n\n" * 3,
        "8 820 777 1 re f\n784 821 m 784 822 l S\n8 820 m 8 822 l S\n",
        "10 10 m 500 10 l S\n10 30 m 500 30 l S\n10 50 m 500 50 l S\n",
        ". . . . re\n" * 9,
    ],
    ids=["clipping", "ticks", "underlines", "dots"],
)
def test_other_lines_are_not_worth_a_drawing(write, content):
    with pikepdf.open(write(content + cells())) as pdf:
        assert not page_objects.ruled(page_objects.instructions(pdf))


def test_a_page_without_letters_is_not_searched_for_rules(tmp_path):
    pdf = pdfs.new()
    pdfs.add_page(pdf, frames().encode(), pdfs.A4)
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    assert not sheet.look(str(path)).ruled
