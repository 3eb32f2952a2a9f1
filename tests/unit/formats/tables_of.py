"""Pages with tables, lists and headings for the tests of formats that have such things."""

from __future__ import annotations

from dataclasses import replace

from fanfold.model import Block, BlockKind, Box, Cell, Line, Page, Table, Word
from tests.unit.formats.builders import page

WIDTH, HEIGHT = 595.28, 841.89


def word(text: str, left: float, top: float, confidence: float = 90.0) -> Word:
    return Word(text, Box(left, top, left + 6 * len(text), top + 10), confidence)


def line_of(*words: Word) -> Line:
    return Line(words, Box.around(one.box for one in words))


def block(*lines: Line, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0) -> Block:
    return Block(lines, Box.around(one.box for one in lines), kind=kind, level=level)


def table_block(top: float = 200.0) -> Block:
    """Return a table of 3 × 2: a head over both columns, an empty cell, a formula."""
    head = line_of(word("Costs", 100, top + 5), word("2025", 140, top + 5))
    first = line_of(word("Rent", 55, top + 25, 80.0), word("-1,200", 205, top + 25, 70.0))
    second = line_of(word("=HYPERLINK(x)", 55, top + 45))
    cells = (
        Cell(0, 0, Box(50, top, 350, top + 20), "Costs 2025", 1, 2),
        Cell(1, 0, Box(50, top + 20, 200, top + 40), "Rent"),
        Cell(1, 1, Box(200, top + 20, 350, top + 40), "-1,200"),
        Cell(2, 0, Box(50, top + 40, 200, top + 60), "=HYPERLINK(x)"),
        Cell(2, 1, Box(200, top + 40, 350, top + 60)),
    )
    return Block((head, first, second), Box(50, top, 350, top + 60), Table(3, 2, cells, head=1))


def rich_page(number: int, orientation: int = 0) -> Page:
    blocks = (
        block(line_of(word("Report", 50, 50)), kind=BlockKind.HEADING, level=1),
        block(line_of(word("Money", 50, 80)), kind=BlockKind.HEADING, level=2),
        block(line_of(word("It", 50, 100), word("was", 70, 100)), line_of(word("spent.", 50, 112))),
        block(line_of(word("-", 50, 130), word("one", 60, 130)), kind=BlockKind.LIST_ITEM, level=1),
        block(line_of(word("-", 50, 145), word("two", 60, 145)), kind=BlockKind.LIST_ITEM, level=1),
        table_block(),
        block(line_of(word("After", 50, 300)), kind=BlockKind.HEADING, level=1),
        block(line_of(word("all.", 50, 320))),
    )
    return replace(page(number), blocks=blocks, orientation=orientation)
