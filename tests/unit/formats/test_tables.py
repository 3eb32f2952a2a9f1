"""Tables as CSV and sheets, read by Python's csv module and by openpyxl."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest

from fanfold.formats import series, tables, workbook
from tests.unit.formats.builders import failed, page
from tests.unit.formats.tables_of import rich_page

ROWS = [["Costs 2025", ""], ["Rent", "-1,200"]]


def made(tmp_path, one, *outcomes):
    path = tmp_path / "result"
    series.write({path: one}, outcomes)
    series.finish({path: one})
    assert [file.name for file in tmp_path.iterdir()] == ["result"]
    return path


def read_csv(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_each_table_is_a_file_and_a_list_names_them(tmp_path):
    outcomes = [rich_page(1), failed(2), page(3, "no table")]
    with zipfile.ZipFile(made(tmp_path, tables.CSV, *outcomes)) as archive:
        assert archive.namelist() == ["page-00001-table-1.csv", "tables.csv"]
        assert archive.testzip() is None
        assert read_csv(archive, "page-00001-table-1.csv") == [*ROWS, ["'=HYPERLINK(x)", ""]]
        assert read_csv(archive, "tables.csv") == [
            list(tables.LIST_HEAD),
            ["1", "1", "3", "2", "84.0", "page-00001-table-1.csv"],
            ["2", "", "", "", "", "failed: TIMEOUT"],
        ]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("+49 30 1", "+49 30 1"),
        ("-1,200.50", "-1,200.50"),
        ("-5 %", "-5 %"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
        ("- and", "'- and"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text, safe):
    assert tables.harmless(text) == safe


def test_openpyxl_reads_the_sheets(tmp_path):
    path = made(tmp_path, workbook.XLSX, rich_page(1), failed(2), page(3))
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames == ["Tables", "Page 1, table 1"]
    listed, sheet = (list(one.iter_rows(values_only=True)) for one in book)
    assert listed[1] == (1, 1, 3, 2, 84, "Page 1, table 1")
    assert (listed[2][0], listed[2][-1]) == (2, "failed: TIMEOUT")
    assert sheet[:2] == [("Costs 2025", None), ("Rent", "-1,200")]
    cell = book["Page 1, table 1"]["A3"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(x)", "s")


def test_tables_beyond_the_sheets_stand_below_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAXIMUM_SHEETS", 1)
    path = made(tmp_path, workbook.XLSX, *map(rich_page, (1, 2, 3)))
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames == ["Tables", "Page 1, table 1", "More from page 2"]
    more = [row[0] for row in book["More from page 2"].iter_rows(values_only=True)]
    assert (more[0], more[1], more[5], more[6]) == (
        "Page 2, table 1", "Costs 2025", "Page 3, table 1", "Costs 2025",
    )  # fmt: skip
    assert book["Tables"]["F4"].value == "More from page 2, row 7"


@pytest.mark.parametrize("one", [tables.CSV, workbook.XLSX], ids=["csv", "xlsx"])
def test_two_assemblers_write_the_same_bytes(tmp_path, one):
    made_by = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made_by.append(made(tmp_path / name, one, rich_page(1), failed(2)).read_bytes())
    assert made_by[0] == made_by[1]


@pytest.mark.parametrize("one", [tables.CSV, workbook.XLSX], ids=["csv", "xlsx"])
def test_a_document_without_tables_has_an_empty_list(tmp_path, one):
    with zipfile.ZipFile(made(tmp_path, one, page(1, "text"))) as archive:
        assert archive.testzip() is None
