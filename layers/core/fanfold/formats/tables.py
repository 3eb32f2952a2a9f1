"""The tables of a document: ``tables.csv.zip``, a CSV file each, and ``tables.xlsx``, sheets.

Both begin with a list of the tables, in which a failed page has its place and says why. A cell
that spans places stands in the first of them. Tables are gathered page by page as lines of JSON;
when the last page is there, the file is made of those lines, one table at a time in memory.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanfold import cells
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.text import CONTROLS
from fanfold.model import Block, Table

LIST_HEAD = ("page", "table", "rows", "columns", "confidence", "where")

_FORMULA = re.compile(r"[=+\-@\t\r]")
"""What begins a formula in spreadsheets: documents come from strangers."""

_OF_NUMBERS = re.compile(r"[+-][\d.,\s'’%]+")
_BREAKS = CONTROLS | {ord("\n"): "\n"}


@dataclass(frozen=True, slots=True)
class Found:
    """A table, or a page that failed, as ``why`` says then; ``number`` is its place on the page."""

    page: int
    number: int = 0
    confidence: float | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    why: str = ""

    def listed(self, where: str) -> tuple[object, ...]:
        """Return its line in the list of tables, without None."""
        if self.why:
            return (self.page, "", "", "", "", f"failed: {self.why}")
        sure = "" if self.confidence is None else self.confidence
        return (self.page, self.number, len(self.rows), len(self.rows[0]), sure, where)


def lines(outcome: Outcome) -> str:
    """Return a page's tables as lines of JSON."""
    if isinstance(outcome, FailedPage):
        return _line(page=outcome.number, why=outcome.reason.code)
    tables = (block for block in outcome.blocks if block.table)
    return "".join(
        _line(
            page=outcome.number,
            number=number,
            confidence=cells.confidence(cells.words_of(block)),
            rows=_rows(block),
        )
        for number, block in enumerate(tables, 1)
    )


def read(path: Path) -> Iterator[Found]:
    """Yield what ``lines`` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            data: dict[str, Any] = json.loads(line)
            yield Found(**{**data, "rows": tuple(map(tuple, data.get("rows", ())))})


def write_csv(source: Path, target: Path) -> None:
    """Write an archive of CSV files, UTF-8 with a mark, which Excel asks for; list last."""
    listed: list[tuple[object, ...]] = [LIST_HEAD]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for found in read(source):
            name = f"page-{found.page:05}-table-{found.number}.csv"
            if found.rows:
                archive.writestr(zipfile.ZipInfo(name), _csv(found.rows), zipfile.ZIP_DEFLATED)
            listed.append(found.listed(name))
        archive.writestr(zipfile.ZipInfo("tables.csv"), _csv(listed), zipfile.ZIP_DEFLATED)


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: quoted, unless it is a number."""
    return f"'{text}" if _FORMULA.match(text) and not _OF_NUMBERS.fullmatch(text) else text


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(str(value)) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def _rows(block: Block) -> list[list[str]]:
    table = block.table or Table(0, 0, ())
    texts = {(cell.row, cell.column): cell.text.translate(_BREAKS) for cell in table.cells}
    return [
        [texts.get((row, column), "") for column in range(table.columns)]
        for row in range(table.rows)
    ]


def _line(**values: object) -> str:
    return json.dumps(values) + "\n"


CSV = Series(lines, finish=write_csv)
