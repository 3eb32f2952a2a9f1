"""One page as JSON: what lies under pages/, what the API returns and what document.json repeats.

    {"page": 3, "width": 595.28, "height": 841.89, "rotation": 0, "source": "ocr",
     "reason": "no text layer", "orientation": 90, "skew": -1.25, "dpi": 200,
     "languages": "eng", "confidence": 95, "review": "",
     "timings": {"render": 120, "recognise": 840, …},
     "blocks": [{"kind": "heading", "level": 1, "box": [x0, y0, x1, y1], "lines": [
         {"box": […], "confidence": 96.1, "words": [
             {"text": "Fanfold", "box": […], "confidence": 96.1}]}],
         "table": {"rows": 2, "columns": 3, "cells": [{"row": 0, "column": 0, "row_span": 1,
             "column_span": 1, "box": […], "text": "Fanfold", "confidence": 96.1,
             "words": [[0, 0]]}, …]}}]}

A table whose first rows name its columns says how many do, ``"head": 1``. Lengths are points
rounded to 1/100, boxes as in ``model``. Confidences of page, blocks, cells and lines, and ``words``
of a cell (which line of the block, which word of it, from 0), are derived and only there for
readers; cells and blocks without words have none. Only headings and list items have a ``level``,
only blocks that are tables a ``table``. A page with codes has ``"codes": [{"format": "QR Code",
"text": "…", "box": […]}]``; ``"data"`` (base64) stands in for a text where there is none. A page in
review has the reasons as codes, ``"concerns": ["doubtful", …]``, and ``"unread": [{"box": […]}]``
where letters are that nobody could read. A page whose text layer was not taken for it has
``"layer_text": "…"``, what that says; one whose layer has words that nobody can see ``"unseen":
[{"text": "…", "box": […], "why": "white"}]``. A page that is broken in the file has ``"damage":
[{"code": "PICTURE_DAMAGED", "message": "…"}]``. Where two have read it, there is ``"readers":
["tesseract", "neural"]``, each word says whether they are at one, ``"sure": true``, and one that
they have differently what the other has, ``"alternative": "…"``. ``load`` ignores fields it does
not know, so that an older worker reads what a newer one wrote.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fanfold import cells
from fanfold.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Code,
    Concern,
    Damage,
    Line,
    Page,
    Readers,
    Source,
    Table,
    Unseen,
    Why,
    Word,
)


def dump(page: Page) -> dict[str, Any]:
    """Write a page as plain JSON values."""
    return {
        "page": page.number,
        "width": round(page.width, 2),
        "height": round(page.height, 2),
        "rotation": page.rotation,
        "source": page.source.value,
        "reason": page.reason,
        "orientation": page.orientation,
        "skew": round(page.skew, 3),
        "dpi": page.dpi,
        "languages": page.languages,
        **({"readers": list(page.readers)} if page.readers else {}),
        "confidence": page.confidence,
        "review": page.review,
        **({"concerns": [one.value for one in page.concerns]} if page.concerns else {}),
        **({"unread": [{"box": dump_box(box)} for box in page.unread]} if page.unread else {}),
        "timings": dict(page.timings),
        "blocks": [_dump_block(block) for block in page.blocks],
        **({"codes": [dump_code(code) for code in page.codes]} if page.codes else {}),
        **({"layer_text": page.layer_text} if page.layer_text else {}),
        **({"unseen": [_dump_unseen(one) for one in page.unseen]} if page.unseen else {}),
        **({"damage": [asdict(damage) for damage in page.damage]} if page.damage else {}),
    }


def load(data: dict[str, Any]) -> Page:
    """Read what ``dump`` wrote; raise KeyError, TypeError or ValueError for anything else."""
    return Page(
        number=int(data["page"]),
        width=float(data["width"]),
        height=float(data["height"]),
        source=Source(data["source"]),
        reason=str(data["reason"]),
        blocks=tuple(_load_block(block) for block in data["blocks"]),
        codes=tuple(load_code(code) for code in data.get("codes", ())),
        rotation=int(data["rotation"]),
        orientation=int(data.get("orientation", 0)),  # pages of an older worker lack both
        skew=float(data.get("skew", 0)),
        dpi=int(data["dpi"]),
        languages=str(data["languages"]),
        readers=tuple(one for one in Readers if one in data.get("readers", ())),
        review=str(data.get("review", "")),
        concerns=tuple(one for one in Concern if one in data.get("concerns", ())),
        unread=tuple(load_box(one["box"]) for one in data.get("unread", ())),
        layer_text=str(data.get("layer_text", "")),
        unseen=tuple(_load_unseen(one) for one in data.get("unseen", ())),
        damage=tuple(
            Damage(str(damage["code"]), str(damage["message"])) for damage in data.get("damage", ())
        ),
        timings={str(step): int(value) for step, value in data["timings"].items()},
    )


def dump_code(code: Code) -> dict[str, Any]:
    """Write a code as plain JSON values."""
    says = {"data": base64.b64encode(code.data).decode()} if code.data else {"text": code.text}
    return {"format": code.format, **says, "box": dump_box(code.box)}


def load_code(data: dict[str, Any]) -> Code:
    """Read what ``dump_code`` wrote; raise as ``load`` does."""
    return Code(
        str(data["format"]),
        str(data.get("text", "")),
        load_box(data["box"]),
        base64.b64decode(data.get("data", "")),
    )


def _dump_unseen(one: Unseen) -> dict[str, Any]:
    return {"text": one.text, "box": dump_box(one.box), "why": one.why.value}


def _load_unseen(data: dict[str, Any]) -> Unseen:
    return Unseen(str(data["text"]), load_box(data["box"]), Why(data["why"]))


def _dump_block(block: Block) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": block.kind.value}
    data |= {"level": block.level} if block.level else {}
    data["box"] = dump_box(block.box)
    sure = cells.confidence(cells.words_of(block))
    data |= {} if sure is None else {"confidence": sure}
    data["lines"] = [_dump_line(line) for line in block.lines]
    return data | ({"table": _dump_table(block, block.table)} if block.table else {})


def _dump_table(block: Block, table: Table) -> dict[str, Any]:
    return {
        "rows": table.rows,
        "columns": table.columns,
        **({"head": table.head} if table.head else {}),
        "cells": [_dump_cell(block, cell, held) for cell, held in cells.numbered(block)],
    }


def _dump_cell(block: Block, cell: Cell, held: Sequence[tuple[int, int]]) -> dict[str, Any]:
    sure = cells.confidence([block.lines[line].words[nth] for line, nth in held])
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "box": dump_box(cell.box),
        "text": cell.text,
        **({} if sure is None else {"confidence": sure, "words": [list(at) for at in held]}),
    }


def _dump_line(line: Line) -> dict[str, Any]:
    return {
        "box": dump_box(line.box),
        "confidence": round(line.confidence, 1),
        "words": [_dump_word(word) for word in line.words],
    }


def _dump_word(word: Word) -> dict[str, Any]:
    return {
        "text": word.text,
        "box": dump_box(word.box),
        "confidence": round(word.confidence, 1),
        **({"glyphs": word.glyphs} if word.glyphs else {}),
        **({} if word.sure is None else {"sure": word.sure}),
        **({"alternative": word.alternative} if word.alternative else {}),
    }


def dump_box(box: Box) -> list[float]:
    """Write a box as plain JSON values."""
    return [round(edge, 2) for edge in (box.x0, box.y0, box.x1, box.y1)]


def _load_block(data: dict[str, Any]) -> Block:
    table = _load_table(data["table"]) if "table" in data else None
    return Block(
        tuple(_load_line(line) for line in data["lines"]),
        load_box(data["box"]),
        table,
        _load_kind(data.get("kind")),
        int(data.get("level", 0)),
    )


def _load_kind(value: object) -> BlockKind:
    """Read a block's kind; pages of older workers have none, those of newer ones more of them."""
    return next((kind for kind in BlockKind if kind == value), BlockKind.PARAGRAPH)


def _load_table(data: dict[str, Any]) -> Table:
    cells = tuple(_load_cell(cell) for cell in data["cells"])
    return Table(int(data["rows"]), int(data["columns"]), cells, int(data.get("head", 0)))


def _load_cell(data: dict[str, Any]) -> Cell:
    row, column, rows, columns = (
        int(data[name]) for name in ("row", "column", "row_span", "column_span")
    )
    return Cell(row, column, load_box(data["box"]), str(data["text"]), rows, columns)


def _load_line(data: dict[str, Any]) -> Line:
    return Line(tuple(_load_word(word) for word in data["words"]), load_box(data["box"]))


def _load_word(data: dict[str, Any]) -> Word:
    return Word(
        str(data["text"]),
        load_box(data["box"]),
        float(data["confidence"]),
        str(data.get("glyphs", "")),
        data.get("sure"),
        str(data.get("alternative", "")),
    )


def load_box(edges: list[float]) -> Box:
    """Read what ``dump_box`` wrote; raise as ``load`` does."""
    return Box(*(float(edge) for edge in edges))
