"""document.md: headings, paragraphs and lists, for people, wikis and language models.

CommonMark. Each page begins with a comment, ``<!-- page 3 -->``, which no reader shows; a failed
page keeps its place and says why. Lines of a paragraph are joined except where their end was
meant, and words that the end of a line cut in two are whole again. Whatever a document says stays
text: nothing in it can become markup, a link or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from fanfold import lists
from fanfold.formats import breaks, hyphens
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.text import CONTROLS
from fanfold.lists import Sign
from fanfold.model import Block, BlockKind, Line, Page, Table

_MARKUP = re.compile(r"[\\`*_\[\]{}|~$#]")
"""What may begin markup anywhere: emphasis, code, links, tables, formulas, templates."""

_AT_START = re.compile(r"[+\-=:]|\d{1,9}(?=[.)])")
"""What begins lists, rules and definitions, only at the start of a line."""

_LEVEL_INDENT = "    "
"""Indent of each level below the first; fits markers of up to three characters."""

_LIST_END = "\n<!-- -->\n\n"
"""Parts two lists: without it the second would go on counting where the first ended."""


def page(outcome: Outcome) -> str:
    """Return a page as Markdown, with its comment before it."""
    mark = f"<!-- page {outcome.number} -->\n"
    if isinstance(outcome, FailedPage):
        reason = outcome.reason
        why = f"{escaped(reason.code)}: {escaped(reason.message)}"
        return f"{mark}\n> Page {outcome.number} could not be read. {why}\n"
    return mark + "".join(_blocks(outcome))


def escaped(text: str) -> str:
    """Return ``text`` as Markdown that shows just this, wherever on a line it stands."""
    plain = " ".join(text.translate(CONTROLS).split())
    safe = _MARKUP.sub(r"\\\g<0>", plain)
    safe = safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if start := _AT_START.match(safe):
        word = start[0]
        return (f"{word}\\" if word.isdigit() else f"\\{word}") + safe[len(word) :]
    return safe


def _blocks(page: Page) -> Iterator[str]:
    known = hyphens.compounds(line.text for block in page.blocks for line in block.lines)
    items = _Items()
    for block in page.blocks:
        if block.table:
            items = _Items()
            yield f"\n{table(block.table, known)}"
            continue
        text = _running(block.lines, known)
        if not text:
            continue
        if block.kind is BlockKind.LIST_ITEM:
            yield items.write(text, block.level)
            continue
        items = _Items()
        if block.kind is BlockKind.HEADING:
            yield f"\n{'#' * block.level} {escaped(text)}\n"
        else:
            yield f"\n{_paragraph(block, known, level=page.orientation == 0)}\n"
    yield from _codes(page)


def _running(lines: Sequence[Line], known: Collection[str]) -> str:
    return hyphens.joined([line.text.translate(CONTROLS) for line in lines], known)


def _paragraph(block: Block, known: Collection[str], *, level: bool) -> str:
    """Return a paragraph; where lines run across (``level``), ends that were meant stay ends."""
    parts = breaks.parts(block) if level else [block.lines]
    texts = (escaped(_running(part, known)) for part in parts)
    return "\\\n".join(filter(None, texts))


def _codes(page: Page) -> Iterator[str]:
    """Yield what codes say, as code: there no reader makes links of addresses."""
    for number, code in enumerate(page.codes):
        says = _verbatim(code.text) if code.text else f"{len(code.data)} bytes of data"
        yield f"{'' if number else chr(10)}- {escaped(code.format)}: {says}\n"


def _verbatim(text: str) -> str:
    """Return a code span; its fence is longer than any row of backticks within."""
    plain = " ".join(text.translate(CONTROLS).split())
    fence = "`" * (1 + max((len(row) for row in re.findall("`+", plain)), default=0))
    return f"{fence} {plain} {fence}" if plain else "white space"


def table(table: Table, known: Collection[str]) -> str:
    """Return a pipe table; a cell that spans places stands in the first of them."""
    texts = {
        (cell.row, cell.column): escaped(
            hyphens.joined([line.translate(CONTROLS) for line in cell.text.split("\n")], known)
        )
        for cell in table.cells
    }
    rows = [
        "".join(f"| {texts.get((row, column), '')} " for column in range(table.columns)) + "|\n"
        for row in range(table.rows)
    ]
    return rows[0] + "|" + " --- |" * table.columns + "\n" + "".join(rows[1:]) if rows else ""


class _Items:
    """Writes list items that follow each other; an item goes at most one level down."""

    def __init__(self) -> None:
        self._last: list[int] = []  # the number of each level's last item, 0 for bullets

    def write(self, text: str, level: int) -> str:
        """Return an item with what must stand before it."""
        sign, number, rest = _item(text)
        level = max(1, min(level, len(self._last) + 1))
        before = "" if self._last else "\n"
        if number and level <= len(self._last) and number != self._last[level - 1] + 1:
            before, level = _LIST_END, 1
        self._last[level - 1 :] = [number]
        return f"{before}{_LEVEL_INDENT * (level - 1)}{sign} {escaped(rest)}\n"


def _item(text: str) -> tuple[str, int, str]:
    """Return an item's sign in Markdown, its number (0 for none) and its text.

    What Markdown has no sign for (letters, numbers in brackets) stays in the text.
    """
    found = lists.marker(text)
    if found is None or found.sign is Sign.LETTER or found.ends == "()":
        return "-", 0, text
    rest = text[found.length :]
    return (f"{found.place}{found.ends}" if found.place else "-"), found.place, rest


MARKDOWN = Series(page, between="\n")
