"""Words from the tab-separated tables of tesseract and pdftotext, which name columns alike.

Columns: level, page, two numbers that together name the paragraph, line, word, left, top, width,
height, confidence, text. Lengths are pixels (tesseract) or points (pdftotext).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from fanfold.model import Block, Box, Line, Word

_COLUMNS = 12
_WORD_LEVEL = "5"
_JOINERS = "\u200c\u200d"
_SOFT_HYPHEN = "\u00ad"

Paragraph = tuple[str, str]


class Row(NamedTuple):
    """One word, and which paragraph and line it stands in."""

    paragraph: Paragraph
    line: str
    word: Word


def rows(table: str) -> Iterator[Row]:
    """Yield the words of a table, their boxes in its own unit.

    Words without a visible character or with a negative confidence are left out.
    """
    for fields in _records(table):
        text = clean(fields[-1])
        left, top, width, height, confidence = (float(field) for field in fields[6:11])
        edges = left, top, left + width, top + height
        if text and confidence >= 0 and all(map(math.isfinite, edges)):
            yield Row((fields[2], fields[3]), fields[4], Word(text, Box(*edges), confidence))


def placed(words: Iterable[Row], place: Callable[[Box], Box]) -> Iterator[Row]:
    """Yield words with their boxes put to another place or scale."""
    for row in words:
        yield row._replace(word=replace(row.word, box=place(row.word.box)))


def moved(block: Block, place: Callable[[Box], Box]) -> Block:
    """Return a block with its words put to another place or scale."""
    lines = tuple(
        _line(tuple(replace(word, box=place(word.box)) for word in line.words))
        for line in block.lines
    )
    table = block.table and replace(
        block.table,
        cells=tuple(replace(cell, box=place(cell.box)) for cell in block.table.cells),
    )
    return replace(block, lines=lines, box=around(line.box for line in lines), table=table)


def scaled(box: Box, factor: float) -> Box:
    """Return a box with all of its edges multiplied by ``factor``."""
    return Box(*(edge * factor for edge in (box.x0, box.y0, box.x1, box.y1)))


def raw_text(table: str) -> str:
    """Return all characters of all words as they are, glyphs without a meaning included."""
    return "".join(fields[-1] for fields in _records(table))


def blocks(
    words: Iterable[Row], order: Callable[[Sequence[Word]], tuple[Word, ...]] = tuple
) -> tuple[Block, ...]:
    """Gather words that follow each other into lines and paragraphs.

    ``order`` brings the words of a line into reading order.
    """
    gathered = []
    for _, paragraph in groupby(words, key=lambda row: row.paragraph):
        lines = tuple(
            _line(order([row.word for row in line]))
            for _, line in groupby(paragraph, key=lambda row: row.line)
        )
        gathered.append(Block(lines, around(line.box for line in lines)))
    return tuple(gathered)


def clean(text: str) -> str:
    """Return ``text`` without white space at its ends, control and invisible characters.

    A soft hyphen was drawn as a hyphen where it stands at the end of a line, and is one here.
    """
    if text.isprintable():  # nearly every word
        return text.strip()
    text = text.replace(_SOFT_HYPHEN, "-")
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c)[0] != "C").strip()


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all ``boxes``."""
    edges = [(box.x0, box.y0, box.x1, box.y1) for box in boxes]
    x0, y0, x1, y1 = zip(*edges, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))


def _records(table: str) -> Iterator[list[str]]:
    for record in table.split("\n"):
        fields = record.split("\t", _COLUMNS - 1)
        if len(fields) == _COLUMNS and fields[0] == _WORD_LEVEL:
            yield fields


def _line(words: tuple[Word, ...]) -> Line:
    return Line(words, around(word.box for word in words))
