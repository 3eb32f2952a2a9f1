"""tables.xlsx: a list of the tables, then a sheet for each.

Sheets are files that lie open meanwhile, so only so many tables have one of their own; those that
follow stand below each other. All cells are text: what looks like a number stays as it is printed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fanfold.formats import tables
from fanfold.formats.series import Series
from fanfold.formats.units import characters

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAXIMUM_SHEETS = 200
"""Maximum of tables with a sheet of their own."""

_MAXIMUM_ROWS = 1_000_000
"""Maximum of rows of a sheet with many tables; programs take 1,048,576."""

_MAXIMUM_CELL_TEXT = 32_767
"""Maximum of characters in a cell, as programs have it."""

_EPOCH = datetime(2000, 1, 1)
"""Time that the file says it was made at: the same document gives the same bytes."""


def write_xlsx(source: Path, target: Path) -> None:
    """Write a workbook of the tables that ``tables.lines`` wrote."""
    from xlsxwriter import Workbook  # takes 0.1 s, and hardly any document asks for it

    settings = {
        "constant_memory": True,
        "tmpdir": str(target.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(str(target), settings) as book:
        book.set_properties({"created": _EPOCH})
        sheets = _Sheets(book)
        for found in tables.read(source):
            sheets.add(found)


class _Sheets:
    """The sheets of a workbook, filled table by table."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._list, self._listed = self._sheet("Tables"), 0
        self._own = 0
        self._more: Worksheet | None = None
        self._next = 0  # row of the sheet of many tables
        self._write(self._list, 0, tables.LIST_HEAD)

    def add(self, found: tables.Found) -> None:
        """Add a table, or a page that failed."""
        where = self._place(found) if found.rows else ""
        self._listed += 1
        self._write(self._list, self._listed, found.listed(where))

    def _place(self, found: tables.Found) -> str:
        name = f"Page {found.page}, table {found.number}"
        if self._own < MAXIMUM_SHEETS:
            self._own += 1
            self._rows(self._sheet(name), 0, found)
            return name
        if self._more is None or self._next + len(found.rows) > _MAXIMUM_ROWS:
            self._more, self._next = self._sheet(f"More from page {found.page}"), 0
        self._write(self._more, self._next, (name,))
        where = f"{self._more.get_name()}, row {self._next + 2}"
        self._rows(self._more, self._next + 1, found)
        self._next += len(found.rows) + 2
        return where

    def _rows(self, sheet: Worksheet, first: int, found: tables.Found) -> None:
        for number, row in enumerate(found.rows, first):
            self._write(sheet, number, row)

    def _sheet(self, name: str) -> Worksheet:
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def _write(self, sheet: Worksheet, number: int, row: tuple[object, ...]) -> None:
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value:
                text = "\n".join(map(characters, str(value).split("\n")))
                sheet.write_string(number, column, text[:_MAXIMUM_CELL_TEXT])


XLSX = Series(tables.lines, finish=write_xlsx)
