"""Paragraphs: lines that belong together, out of the blocks that layout analysis left.

Layout analysis (tesseract's, pdftotext's) goes by white space. It parts a list's numbers from
their text, cuts paragraphs where a line is a little lower, and runs those together that only an
indentation tells apart. The order of words never changes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from fanfold import lists
from fanfold.lists import Sign
from fanfold.model import Block, Box, Line
from fanfold.ocr.structure import type_size

_LONE_MARK = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|[•◦▪‣·●○■□–—*-]")
_ENDS = (".", "!", "?", ":", ";", '"', "”", "’", ")", "]", "»", "…")

_MARK_GAP = 6.0
"""Maximum of ems between a number that stands alone and its text."""

_INDENT = 0.8
"""Minimum of ems by which the first line of a paragraph stands further in."""

_LAST_LINE_FREE = 0.15
"""Minimum share of a paragraph's width that its last line leaves free."""

_PITCHES = 1.6
"""Minimum of line pitches between paragraphs."""

_SAME_SIZE = 1.2
"""Maximum ratio of two sizes of type that count as the same."""

_PARAGRAPH_STEP = 1.5
"""Maximum of ems between base lines of one paragraph in two blocks."""

_STEP_SMALL = 2.2
"""The same where a small letter goes on: a line and a half on a typewriter."""


def arrange(blocks: Sequence[Block], *, tight: bool) -> tuple[Block, ...]:
    """Return blocks whose lines belong together; ``tight`` as in ``sizes``.

    Lines must run from left to right or right to left across the page.
    """
    pieces = [piece for block in _numbered(blocks) for piece in _split(block, tight=tight)]
    return tuple(_joined(pieces, tight=tight))


def _numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, a number or bullet that stands alone at the head of the text beside it."""
    mark: Block | None = None
    for block in blocks:
        if mark is None:
            mark = block
        elif (
            not (mark.table or block.table)
            and _LONE_MARK.fullmatch(mark.lines[0].text)
            and _beside(mark, block)
        ):
            first = (*mark.lines[0].words, *block.lines[0].words)
            mark = _block((Line(first, Box.around(w.box for w in first)), *block.lines[1:]))
        else:
            yield mark
            mark = block
    if mark is not None:
        yield mark


def _beside(mark: Block, block: Block) -> bool:
    one, other = mark.box, block.lines[0].box
    near = 0 <= other.x0 - one.x1 < _MARK_GAP * other.height
    return len(mark.lines) == 1 and one.level(other) and near


def _split(block: Block, *, tight: bool) -> Iterator[Block]:
    if block.table:
        yield block
        return
    lines = block.lines
    starts = [0]
    if len(lines) > 1:
        size = median(type_size.em(line, tight=tight) for line in lines) or lines[0].box.height
        pitch = median(_base(b) - _base(a) for a, b in pairwise(lines))
        starts += [n for n in range(1, len(lines)) if _begins(lines, n, block.box, size, pitch)]
    for start, end in pairwise([*starts, len(lines)]):
        yield _block(lines[start:end])


def _begins(lines: Sequence[Line], number: int, box: Box, size: float, pitch: float) -> bool:
    """Whether a line of a block begins a paragraph of its own."""
    before, line = lines[number - 1], lines[number]
    if _base(line) - _base(before) > _PITCHES * max(pitch, size):
        return True
    indented = line.box.x0 - box.x0 >= _INDENT * size
    level = before.box.x0 - box.x0 < _INDENT * size
    ended = before.text.endswith(_ENDS)
    short = box.x1 - before.box.x1 > _LAST_LINE_FREE * box.width
    if indented and level and ended and (short or _hangs_back(lines, number, box, size)):
        return True
    found = lists.marker(line.text)
    if found is None or found.sign is Sign.DASH:
        return False
    return found.sign is Sign.BULLET or (not indented and (ended or short))


def _hangs_back(lines: Sequence[Line], number: int, box: Box, size: float) -> bool:
    """Whether the next line stands at the left edge again."""
    after = lines[number + 1 : number + 2]
    return bool(after) and after[0].box.x0 - box.x0 < _INDENT * size


def _joined(blocks: Sequence[Block], *, tight: bool) -> Iterator[Block]:
    whole: Block | None = None
    for block in blocks:
        if whole is not None and _goes_on(whole, block, tight=tight):
            whole = _block((*whole.lines, *block.lines))
        else:
            if whole is not None:
                yield whole
            whole = block
    if whole is not None:
        yield whole


def _goes_on(one: Block, other: Block, *, tight: bool) -> bool:
    """Whether ``other`` continues the sentence in which ``one`` ends, one line further down."""
    last, first = one.lines[-1], other.lines[0]
    size, next_size = type_size.em(last, tight=tight), type_size.em(first, tight=tight)
    if one.table or other.table or not size or not 1 / _SAME_SIZE < next_size / size < _SAME_SIZE:
        return False
    small = first.text[:1].islower()
    if not 0 < _base(first) - _base(last) < (_STEP_SMALL if small else _PARAGRAPH_STEP) * size:
        return False
    if last.text.endswith(_ENDS) or lists.marker(first.text):
        return False
    right, left = max(one.box.x1, other.box.x1), min(one.box.x0, other.box.x0)
    full = right - last.box.x1 < _LAST_LINE_FREE / 2 * (right - left)
    level = abs(first.box.x0 - one.lines[-1].box.x0) < _INDENT * size
    wide = max(len(one.lines), len(other.lines)) > 1
    return level and wide and (full or small)


def _block(lines: Sequence[Line]) -> Block:
    return Block(tuple(lines), Box.around(line.box for line in lines))


def _base(line: Line) -> float:
    return line.box.y1
