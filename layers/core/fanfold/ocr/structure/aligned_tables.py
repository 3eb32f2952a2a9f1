"""Tables without rules: rows whose cells stand below each other, with numbers in a column.

Words are taken together by the height they stand at, whatever blocks layout analysis made of them:
it parts a table by its columns as often as by its rows. Rows that follow each other make a table
where free strips run down through all of them. Forms and two columns of text have such strips,
too, but seldom a column of numbers; without one, blocks stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from fanfold.bidi import runs_left
from fanfold.model import Block, Box, Cell, Line, Table, Word
from fanfold.ocr.structure import running

_CELL_GAP = 1.3
"""Minimum of the gap between two cells, in heights of a word; justified text has gaps below 1."""

_ROW_STEP = 3.0
"""Maximum between the middles of rows that follow each other, in heights of a word."""

_ROWS, _ROWS_OF_TWO = 3, 4
"""Minimum of rows in a table, and in one of two columns."""

_TWO = 2
"""Minimum of columns in a table, and of cells in a row of one."""

_MOST_COLUMNS = 40

_COLUMNS_APART = 0.75
"""Minimum share of the columns that stay apart when a row joins those above: a heading's cells may
stand nearer to each other than those below it."""

_PLACES_FILLED = 0.6
"""Minimum share of a table's places that have words; a single column may have few."""

_NUMERIC = 0.7
"""Minimum share of numbers among the cells of one column behind the first, and three of them at
least: numbers before what they count are a list."""

_UNIT = 3
"""Maximum of letters that a number may have, such as its currency."""

_CELL_WORDS = 6
"""Maximum of words in a cell, in the median of each column; longer ones are running text."""

Span = tuple[float, float]


class _Row(NamedTuple):
    """What stands at one height: its cells from the left, as words, and how high a word is."""

    cells: tuple[tuple[Word, ...], ...]
    box: Box
    height: float


class _Run(NamedTuple):
    """Rows that follow each other, and where the columns stand that they have in common."""

    rows: tuple[_Row, ...]
    columns: tuple[Span, ...]


def tables(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with the words of tables without rules put into tables.

    A table stands where the first of its words stood. Lines must run across; blocks that are
    tables already stay.
    """
    lines = [line for block in blocks if not block.table for line in block.lines]
    rows = _rows([word for line in lines for word in line.words])
    found = [_table(run) for run in _runs(rows) if _is_table(run)]
    return tuple(_put(blocks, found)) if found else tuple(blocks)


def _rows(words: Sequence[Word]) -> Iterator[_Row]:
    line: list[Word] = []
    tops = bottoms = 0.0
    for word in sorted(words, key=lambda word: word.box.middle_y):
        if line and not tops <= word.box.middle_y * len(line) <= bottoms:
            yield _row(line)
            line, tops, bottoms = [], 0.0, 0.0
        line.append(word)
        tops, bottoms = tops + word.box.y0, bottoms + word.box.y1
    if line:
        yield _row(line)


def _row(words: Sequence[Word]) -> _Row:
    height = median(word.box.height for word in words)
    cells: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.x0):
        if cells and word.box.x0 - cells[-1][-1].box.x1 < _CELL_GAP * height:
            cells[-1].append(word)
        else:
            cells.append([word])
    return _Row(tuple(map(tuple, cells)), Box.around(word.box for word in words), height)


def _runs(rows: Iterator[_Row]) -> Iterator[_Run]:
    """Yield rows that follow each other and leave the same strips free."""
    run: list[_Row] = []
    columns: tuple[Span, ...] = ()
    for row in rows:
        joined = _columns(columns, row)
        if run and not _goes_on(run[-1], row, columns, joined):
            yield _Run(tuple(run), columns)
            run, joined = [], _columns((), row)
        if len(row.cells) >= _TWO:
            run.append(row)
        columns = joined if run else ()
    if run:
        yield _Run(tuple(run), columns)


def _goes_on(last: _Row, row: _Row, columns: Sequence[Span], joined: Sequence[Span]) -> bool:
    near = row.box.middle_y - last.box.middle_y <= _ROW_STEP * row.height
    apart = max(len(row.cells), _COLUMNS_APART * len(columns))
    return near and len(row.cells) >= _TWO and len(joined) >= apart


def _columns(columns: Sequence[Span], row: _Row) -> tuple[Span, ...]:
    """Return where columns stand when a row has joined them: between strips that it leaves free."""
    spans = sorted([*columns, *((cell[0].box.x0, cell[-1].box.x1) for cell in row.cells)])
    joined = spans[:1]
    for left, right in spans[1:]:
        if left - joined[-1][1] < _CELL_GAP * row.height:
            joined[-1] = joined[-1][0], max(joined[-1][1], right)
        else:
            joined.append((left, right))
    return tuple(joined)


def _is_table(run: _Run) -> bool:
    rows, columns = len(run.rows), len(run.columns)
    if not _TWO <= columns <= _MOST_COLUMNS or rows < (_ROWS if columns > _TWO else _ROWS_OF_TWO):
        return False
    held = [
        [cell for row in run.rows for cell in row.cells if _within(cell, span)]
        for span in run.columns
    ]
    filled = sum(map(len, held)) >= _PLACES_FILLED * rows * columns
    short = all(median(map(len, cells)) <= _CELL_WORDS for cells in held if cells)
    text = any(running.is_text([_line(cell) for cell in cells]) for cells in held if cells)
    leftward = any(runs_left(_text(cell)) for cells in held for cell in cells)
    return filled and short and not text and not leftward and any(map(_numeric, held[1:]))


def _numeric(cells: Sequence[Sequence[Word]]) -> bool:
    numbers = sum(_is_number(_text(cell)) for cell in cells)
    return numbers >= max(_ROWS, _NUMERIC * len(cells))


def _is_number(text: str) -> bool:
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return digits > 0 and letters <= min(digits, _UNIT)


def _table(run: _Run) -> Block:
    rows = run.rows
    around = Box.around(row.box for row in rows)
    edges = [around.y0, *((a.box.y1 + b.box.y0) / 2 for a, b in pairwise(rows)), around.y1]
    cells = tuple(
        Cell(number, column, Box(span[0], edges[number], span[1], edges[number + 1]), said)
        for number, row in enumerate(rows)
        for column, span in enumerate(run.columns)
        for said in [" ".join(_text(cell) for cell in row.cells if _within(cell, span))]
    )
    lines = tuple(Line(tuple(word for cell in row.cells for word in cell), row.box) for row in rows)
    return Block(lines, around, Table(len(rows), len(run.columns), cells))


def _within(cell: Sequence[Word], span: Span) -> bool:
    return span[0] <= cell[0].box.x0 and cell[-1].box.x1 <= span[1]


def _line(cell: Sequence[Word]) -> Line:
    return Line(tuple(cell), Box.around(word.box for word in cell))


def _text(cell: Sequence[Word]) -> str:
    return " ".join(word.text for word in cell)


def _put(blocks: Sequence[Block], found: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks without the words of tables, and each table where its first word stood."""
    owners = {id(word): table for table in found for line in table.lines for word in line.words}
    told: set[int] = set()
    for block in blocks:
        if block.table or not any(
            id(word) in owners for line in block.lines for word in line.words
        ):
            yield block
            continue
        rest: list[Line] = []
        for line in block.lines:
            for table in [owners[id(word)] for word in line.words if id(word) in owners]:
                if id(table) not in told:
                    told.add(id(table))
                    yield from _whole(rest)
                    yield table
                    rest = []
            if left := tuple(word for word in line.words if id(word) not in owners):
                rest.append(Line(left, Box.around(word.box for word in left)))
        yield from _whole(rest)


def _whole(lines: Sequence[Line]) -> Iterator[Block]:
    if lines:
        yield Block(tuple(lines), Box.around(line.box for line in lines))
