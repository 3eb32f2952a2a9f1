"""Tables: the words of a page put into the cells that its rules make.

A ruled row may hold many rows of text, for many tables rule only their head and their columns. It
is parted where the lines of its cells stand beside each other. What is a form, with a text in one
of its cells that is most of all, stays text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from fanfold.model import Block, Box, Cell, Line, Table, Word
from fanfold.ocr.picture.grids import Grid, Place
from fanfold.ocr.structure.merge import merged
from fanfold.ocr.words import Row, blocks_of

_FILLED_CELLS = 4
"""Minimum of cells with words in a table, in two columns or more."""

_TWO = 2
"""Minimum of rows and of columns in a table."""

_CELL_LINES = 8
"""Maximum of lines in a cell that is no text of its own, though it holds half of all words."""

_ALIGNED = 0.8
"""Minimum share of the lines of a ruled row that run over two cells, if they are to be rows."""

_TEXT_ROWS = 3
"""Minimum of lines in the fullest cell of a ruled row that is parted into rows."""

_CUT = 0.02
"""Maximum share of the words within a grid that its cells part from their neighbours."""

_AMID = 0.5
"""Maximum share of the lines in a grid that go on beyond it, to the left and to the right."""

_WORD_SPACE = 0.5
"""Maximum between a word and the next one of a sentence, in heights of a word."""

Lines = list[list[Word]]


def gather(rows: Sequence[Row], grids: Iterable[Grid]) -> tuple[Block, ...]:
    """Return words as blocks, those in the cells of ``grids`` that fit them as tables.

    All in pixels.
    """
    rest, tables = list(rows), []
    for grid in (grid for grid in grids if _fits(rows, grid)):
        held = {cell: [r for r in rest if r.word.box.inside(cell.box)] for cell in grid.cells}
        table = _table(grid, {cell: _lines(r.word for r in held[cell]) for cell in grid.cells})
        if table:
            tables.append(table)
            taken = {id(row) for found in held.values() for row in found}
            rest = [row for row in rest if id(row) not in taken]
    return merged(blocks_of(rest), tables)


def rows(blocks: Iterable[Block]) -> Iterator[Row]:
    """Yield the words of blocks, as ``gather`` takes them."""
    for number, block in enumerate(blocks):
        for place, line in enumerate(block.lines):
            for word in line.words:
                yield Row((str(number), ""), str(place), word)


def _fits(rows: Sequence[Row], grid: Grid) -> bool:
    """Whether the cells of a grid part hardly any words that stand close to each other in a line.

    Frames of different parts of a page that meet make grids that are none of its own.
    """
    places = [_place(row.word.box, grid) for row in rows]
    neighbours = zip(pairwise(rows), pairwise(places), strict=True)
    cut = sum(one != other and _close(*words) for words, (one, other) in neighbours)
    inside = [place is not None for place in places]
    return cut <= max(1.0, _CUT * sum(inside)) and not _amid(rows, inside, grid)


def _amid(rows: Sequence[Row], inside: Sequence[bool], grid: Grid) -> bool:
    """Whether lines go on beyond a grid on both sides: it is some columns of a wider table."""
    edges = Box.around(cell.box for cell in grid.cells)
    sides: dict[tuple[object, ...], set[str]] = {}
    for row, within in zip(rows, inside, strict=True):
        x = row.word.box.middle_x
        side = "in" if within else "left" if x < edges.x0 else "right" if x > edges.x1 else "beside"
        sides.setdefault((row.paragraph, row.line), set()).add(side)
    crossing = [seen for seen in sides.values() if "in" in seen]
    beyond = sum({"left", "right"} <= seen for seen in crossing)
    return beyond > _AMID * len(crossing)


def _place(box: Box, grid: Grid) -> Place | None:
    return next((cell for cell in grid.cells if box.inside(cell.box)), None)


def _close(one: Row, other: Row) -> bool:
    """Whether two words follow each other in a line like words of a sentence."""
    a, b = one.word.box, other.word.box
    same = (one.paragraph, one.line) == (other.paragraph, other.line)
    return same and 0 <= b.x0 - a.x1 <= _WORD_SPACE * a.height


def _table(grid: Grid, texts: Mapping[Place, Lines]) -> Block | None:
    if not _is_table(texts):
        return None
    parts = [_parts([p for p in texts if p.row == row and p.row_span == 1], texts)
             for row in range(grid.rows)]  # fmt: skip
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + max(1, len(part)))
    cells = sorted(
        (cell for place in grid.cells for cell in _cells(place, texts[place], parts, starts)),
        key=lambda cell: (cell[0].row, cell[0].column),
    )
    if starts[-1] < _TWO:
        return None
    lines = tuple(_run(cells))
    table = Table(starts[-1], grid.columns, tuple(cell for cell, _ in cells))
    return Block(lines, Box.around(place.box for place in grid.cells), table)


def _is_table(texts: Mapping[Place, Lines]) -> bool:
    filled = {place: lines for place, lines in texts.items() if lines}
    if len(filled) < _FILLED_CELLS or len({place.column for place in filled}) < _TWO:
        return False
    counts = {place: sum(map(len, lines)) for place, lines in filled.items()}
    fullest = max(counts, key=lambda place: counts[place])
    alone = len({place.column for place in filled if place.row == fullest.row}) < _TWO
    text = len(filled[fullest]) > _CELL_LINES and 2 * counts[fullest] > sum(counts.values())
    return not (text and alone)


def _parts(places: Sequence[Place], texts: Mapping[Place, Lines]) -> list[Box]:
    """Return the rows of text in a ruled row, as boxes; none where it is one row."""
    lines = [Box.around(w.box for w in line) for place in places for line in texts[place]]
    if len(places) < _TWO or max(len(texts[place]) for place in places) < _TEXT_ROWS:
        return []
    rows: list[list[Box]] = []
    for box in sorted(lines, key=lambda box: box.middle_y):
        if rows and _level(rows[-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    shared = sum(len(row) > 1 for row in rows)
    return [Box.around(row) for row in rows] if shared >= _ALIGNED * len(rows) else []


def _cells(
    place: Place, lines: Lines, parts: Sequence[Sequence[Box]], starts: Sequence[int]
) -> Iterator[tuple[Cell, Lines]]:
    """Yield a ruled cell, or the cells that its row's rows of text part it into."""
    boxes = parts[place.row]
    span = starts[place.row + place.row_span] - starts[place.row]
    if place.row_span > 1 or not boxes:
        yield _cell(place, starts[place.row], span, place.box, lines), lines
        return
    between = [(above.y1 + below.y0) / 2 for above, below in pairwise(boxes)]
    edges = [place.box.y0, *between, place.box.y1]
    for number, (top, bottom) in enumerate(pairwise(edges)):
        box = Box(place.box.x0, top, place.box.x1, bottom)
        own = [line for line in lines if top <= _middle(line) < bottom]
        yield _cell(place, starts[place.row] + number, 1, box, own), own


def _cell(place: Place, row: int, span: int, box: Box, lines: Lines) -> Cell:
    text = "\n".join(" ".join(word.text for word in line) for line in lines)
    return Cell(row, place.column, box, text, span, place.column_span)


def _run(cells: Sequence[tuple[Cell, Lines]]) -> Iterator[Line]:
    """Yield a table's lines: across its cells, or cell by cell where one has several lines."""
    for row in sorted({cell.row for cell, _ in cells}):
        filled = [lines for cell, lines in cells if cell.row == row and lines]
        if all(len(lines) == 1 for lines in filled):
            filled = [[[word for lines in filled for word in lines[0]]]] if filled else []
        for line in (line for lines in filled for line in lines):
            yield Line(tuple(line), Box.around(word.box for word in line))


def _lines(words: Iterable[Word]) -> Lines:
    """Return words as lines from the top down, each from the left to the right."""
    lines: Lines = []
    for word in sorted(words, key=lambda word: word.box.middle_y):
        if lines and _level([other.box for other in lines[-1]], word.box):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box.x0) for line in lines]


def _level(line: Sequence[Box], box: Box) -> bool:
    """Whether the middle of a box lies at the height of a line."""
    middle = box.middle_y
    return median(b.y0 for b in line) <= middle <= median(b.y1 for b in line)


def _middle(line: Sequence[Word]) -> float:
    return median(word.box.middle_y for word in line)
