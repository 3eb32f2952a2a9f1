"""chunks.jsonl: paragraphs for retrieval, a line of JSON each.

    {"id": "p3-2", "page": 3, "kind": "paragraph", "headings": ["Results"], "text": "…",
     "boxes": [[x0, y0, x1, y1]], "confidence": 96.1, "languages": "eng"}

``headings`` are those above it on its page, from the largest down: levels are compared within a
page only. ``boxes`` are its lines', in points. The text of a table is Markdown. A failed page is a
line of the kind ``failed`` without text that says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fanfold import cells, pagejson
from fanfold.formats import facts, hyphens, markdown
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.text import CONTROLS
from fanfold.model import Block, BlockKind, Page


def page(outcome: Outcome) -> str:
    """Return a page's chunks."""
    return "".join(json.dumps(chunk, ensure_ascii=False) + "\n" for chunk in _chunks(outcome))


def _chunks(outcome: Outcome) -> Iterator[dict[str, Any]]:
    if isinstance(outcome, FailedPage):
        why = {"kind": "failed", "headings": [], "text": "", "error": facts.error(outcome.reason)}
        yield {"id": f"p{outcome.number}", "page": outcome.number, **why}
        return
    known = hyphens.compounds(line.text for block in outcome.blocks for line in block.lines)
    above: list[tuple[int, str]] = []
    for place, block in enumerate(outcome.blocks, 1):
        text = hyphens.joined([line.text.translate(CONTROLS) for line in block.lines], known)
        heading = block.kind is BlockKind.HEADING and not block.table
        if heading:
            above = [one for one in above if one[0] < block.level]
        if block.table:
            text = markdown.table(block.table, known).rstrip("\n")
        if text:
            yield _chunk(outcome, place, block, [title for _, title in above], text)
        if heading:
            above.append((block.level, text))


def _chunk(page: Page, place: int, block: Block, headings: list[str], text: str) -> dict[str, Any]:
    return {
        "id": f"p{page.number}-{place}",
        "page": page.number,
        "kind": "table" if block.table else block.kind.value,
        "headings": headings,
        "text": text,
        "boxes": [pagejson.dump_box(line.box) for line in block.lines],
        "confidence": cells.confidence(cells.words_of(block)),
        "languages": page.languages,
    }


CHUNKS = Series(page)
