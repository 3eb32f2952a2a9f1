"""textract.json: the answer of Amazon Textract's AnalyzeDocument, for programs that read that.

The shape is that of GetDocumentAnalysis without its pages of results: PAGE, LINE, WORD, TABLE,
CELL, MERGED_CELL and LAYOUT blocks with places as shares of the page. What is not known is not
there: no handwriting, no forms, no headers and footers. Cells are COLUMN_HEADER where the table
tells its head; LAYOUT_TITLE is a heading of the first level, LAYOUT_PAGE_NUMBER a number alone at
an edge. Polygons lie as the text does, and begin where it does. A cell without words has its
table's confidence. A failed page is a PAGE without children; ``Warnings`` says why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fanfold import cells
from fanfold.formats import polygons
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Document,
    Line,
    Page,
    Source,
    State,
    Table,
    Word,
)

_FULL_CONFIDENCE = 100.0
"""Confidence of what holds no words."""

_LAYOUTS = {
    BlockKind.PARAGRAPH: "LAYOUT_TEXT",
    BlockKind.HEADING: "LAYOUT_SECTION_HEADER",
    BlockKind.LIST_ITEM: "LAYOUT_TEXT",
}
_EDGE_SHARE = 0.1
"""Share of a page's height at its upper and at its lower edge where page numbers stand."""

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:p|pp|page|s|seite|pág|página|pag|pagina)\b\W*)?(?:\d{1,5}|(?=[ivxl])l?x{0,3}(?:ix|iv|v?i{0,3}))"
    r"(?:(?:\s*/\s*|\s+\w{1,4}\s+)\d{1,5})?\W*",
    re.IGNORECASE,
)
"""A number, perhaps with the word for a page before it and how many there are behind it."""

Element = dict[str, Any]


def series(document: Document, failed: Mapping[int, str]) -> Series:
    """Return how ``document`` is written; ``failed`` holds the codes of pages that failed."""
    status = "SUCCEEDED" if document.state is State.SUCCEEDED else "PARTIAL_SUCCESS"
    head = {
        "DocumentMetadata": {"Pages": document.pages_total},
        "JobStatus": status if document.pages_done else "FAILED",
        "AnalyzeDocumentModelVersion": "fanfold",
    }
    codes = sorted(set(failed.values()))
    warnings = [
        {"ErrorCode": code, "Pages": sorted(page for page in failed if failed[page] == code)}
        for code in codes
    ]
    tail = f',\n"Warnings": {json.dumps(warnings)}' if warnings else ""
    before = json.dumps(head)[:-1] + ',\n"Blocks": [\n'
    return Series(page, before=before, between=",\n", after=f"\n]{tail}}}\n")


def page(outcome: Outcome) -> str:
    """Return a page's blocks, one a line."""
    if isinstance(outcome, FailedPage):
        return json.dumps(
            {"BlockType": "PAGE", "Id": f"p{outcome.number}", "Page": outcome.number}
            | {"Geometry": _geometry(Box(0, 0, 1, 1), Page(outcome.number, 1, 1, Source.BLANK, ""))}
        )
    made = _Blocks(outcome).all()
    return ",\n".join(json.dumps(block, ensure_ascii=False) for block in made)


def blocks(lines: Iterable[str]) -> Iterator[Element]:
    """Yield the blocks of a textract.json, one after the other, whatever its size."""
    for line in lines:
        if line.startswith('{"BlockType"'):
            yield json.loads(line.rstrip(",\n"))


class _Blocks:
    """The blocks of a page, made in the order in which they stand in the answer."""

    def __init__(self, page: Page) -> None:
        self._page, self._name = page, f"p{page.number}"
        self._around = Box(0, 0, page.width, page.height)
        self._sheet = replace(page, skew=0.0)  # what is on it may be askew, it is not
        self._names: dict[int, str] = {}  # of words, by their identity

    def all(self) -> list[Element]:
        """Return the page, then lines, words, tables and layout."""
        lines = [part for number, block in self._numbered() for part in self._lines(number, block)]
        tables = [part for number, block in self._numbered() for part in self._table(number, block)]
        layout = list(self._layout())
        inner = {name for one in layout if one["BlockType"] == "LAYOUT_LIST" for name in _held(one)}
        children = [
            part["Id"]
            for part in (*lines, *tables, *layout)
            if part["BlockType"] in ("LINE", "TABLE")
            or (part["BlockType"].startswith("LAYOUT") and part["Id"] not in inner)
        ]
        whole = self._element("PAGE", self._name, self._around, None, CHILD=children)
        return [whole, *lines, *tables, *layout]

    def _numbered(self) -> Iterator[tuple[int, Block]]:
        return enumerate(self._page.blocks, 1)

    def _lines(self, number: int, block: Block) -> Iterator[Element]:
        for place, line in enumerate(block.lines, 1):
            name = _line_name(self._name, number, place)
            words = list(self._words(name, line))
            names = [word["Id"] for word in words]
            element = self._element("LINE", name, line.box, line.confidence, CHILD=names)
            yield element | {"Text": line.text}
            yield from words

    def _words(self, name: str, line: Line) -> Iterator[Element]:
        for place, word in enumerate(line.words, 1):
            own = self._names[id(word)] = f"{name}-w{place}"
            element = self._element("WORD", own, word.box, word.confidence)
            yield element | {"Text": word.text, "TextType": "PRINTED"}

    def _table(self, number: int, block: Block) -> Iterator[Element]:
        if block.table is None:
            return
        name = f"{self._name}-t{number}"
        sure = cells.confidence(cells.words_of(block)) or _FULL_CONFIDENCE
        places: list[Element] = []
        spans: list[Element] = []
        for cell, words in cells.words(block):
            kinds = _kinds(cell, block.table)
            parts = [one | kinds for one in self._places(name, cell, words, sure)]
            places += parts
            if len(parts) > 1:
                spans.append(self._merged(name, cell, words, parts, sure) | kinds)
        places.sort(key=lambda one: (one["RowIndex"], one["ColumnIndex"]))
        yield self._element(
            "TABLE", name, block.box, sure,
            CHILD=[one["Id"] for one in places], MERGED_CELL=[one["Id"] for one in spans],
        )  # fmt: skip
        yield from (*places, *spans)

    def _places(
        self, name: str, cell: Cell, words: Sequence[Word], sure: float
    ) -> Iterator[Element]:
        """Yield a CELL for each place that a cell covers; its words are the first one's."""
        held = [self._names[id(word)] for word in words]
        confidence = cells.confidence(words)
        for row in range(cell.row_span):
            for column in range(cell.column_span):
                first = row == column == 0
                yield self._cell(
                    "CELL",
                    f"{name}-r{cell.row + row + 1}c{cell.column + column + 1}",
                    Cell(cell.row + row, cell.column + column, _part(cell, row, column)),
                    confidence if first and confidence is not None else sure,
                    held if first else (),
                )

    def _merged(
        self, name: str, cell: Cell, words: Sequence[Word], parts: Sequence[Element], sure: float
    ) -> Element:
        own, confidence = f"{name}-m{cell.row + 1}-{cell.column + 1}", cells.confidence(words)
        children = [part["Id"] for part in parts]
        return self._cell(
            "MERGED_CELL", own, cell, sure if confidence is None else confidence, children
        )

    def _cell(
        self, kind: str, name: str, cell: Cell, sure: float, children: Sequence[str]
    ) -> Element:
        return self._element(kind, name, cell.box, sure, CHILD=children) | {
            "RowIndex": cell.row + 1,
            "ColumnIndex": cell.column + 1,
            "RowSpan": cell.row_span,
            "ColumnSpan": cell.column_span,
        }

    def _layout(self) -> Iterator[Element]:
        items: list[Element] = []
        for number, block in self._numbered():
            name = f"{self._name}-a{number}"
            lines = [_line_name(self._name, number, n) for n in range(1, len(block.lines) + 1)]
            kind = self._layout_kind(block)
            sure = cells.confidence(cells.words_of(block))
            element = self._element(kind, name, block.box, sure or _FULL_CONFIDENCE, CHILD=lines)
            if block.kind is BlockKind.LIST_ITEM and not block.table:
                items.append(element)
                continue
            yield from self._list(items)
            items = []
            yield element
        yield from self._list(items)

    def _layout_kind(self, block: Block) -> str:
        if block.table:
            return "LAYOUT_TABLE"
        if block.kind is BlockKind.HEADING and block.level == 1:
            return "LAYOUT_TITLE"
        edge = _EDGE_SHARE * self._page.height
        at_edge = block.box.y1 <= edge or block.box.y0 >= self._page.height - edge
        if at_edge and len(block.lines) == 1 and _PAGE_NUMBER.fullmatch(block.lines[0].text):
            return "LAYOUT_PAGE_NUMBER"
        return _LAYOUTS[block.kind]

    def _list(self, items: Sequence[Element]) -> Iterator[Element]:
        if not items:
            return
        boxes = [self._page.blocks[int(one["Id"].rpartition("a")[2]) - 1].box for one in items]
        sure = sum(one["Confidence"] for one in items) / len(items)
        name = items[0]["Id"].replace("-a", "-l")
        names = [one["Id"] for one in items]
        yield self._element("LAYOUT_LIST", name, Box.around(boxes), round(sure, 1), CHILD=names)
        yield from items

    def _element(
        self, kind: str, name: str, box: Box, sure: float | None, **held: Sequence[str]
    ) -> Element:
        related = [{"Type": how, "Ids": list(ids)} for how, ids in held.items() if ids]
        return {
            "BlockType": kind,
            "Id": name,
            "Page": self._page.number,
            **({} if sure is None else {"Confidence": sure}),
            "Geometry": _geometry(box, self._sheet if kind == "PAGE" else self._page),
            **({"Relationships": related} if related else {}),
        }


def _kinds(cell: Cell, table: Table) -> Element:
    return {"EntityTypes": ["COLUMN_HEADER"]} if cell.row < table.head else {}


def _line_name(page: str, block: int, place: int) -> str:
    return f"{page}-b{block}-{place}"


def _held(element: Element) -> list[str]:
    return [name for one in element.get("Relationships", ()) for name in one["Ids"]]


def _part(cell: Cell, row: int, column: int) -> Box:
    """Return the part of a cell's box that a place has; all places are equally large."""
    width, height = cell.box.width / cell.column_span, cell.box.height / cell.row_span
    left, top = cell.box.x0 + column * width, cell.box.y0 + row * height
    return Box(left, top, left + width, top + height)


def _geometry(box: Box, page: Page) -> Element:
    x0, x1 = (_share(edge, page.width) for edge in (box.x0, box.x1))
    y0, y1 = (_share(edge, page.height) for edge in (box.y0, box.y1))
    corners = polygons.corners(box, page)
    return {
        "BoundingBox": {
            "Width": round(x1 - x0, 6), "Height": round(y1 - y0, 6), "Left": x0, "Top": y0,
        },
        "Polygon": [{"X": _share(x, page.width), "Y": _share(y, page.height)} for x, y in corners],
    }  # fmt: skip


def _share(edge: float, of: float) -> float:
    return round(min(1.0, max(0.0, edge / of)), 6) if of else 0.0
