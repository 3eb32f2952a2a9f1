"""From ruled lines to the grids that they make: tables, ruled forms.

Rules that meet belong to one grid. Their places across and down are its columns and rows; two
places without a rule between them are one cell. Tables that are open at the sides end where the
rules across do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from fanfold.model import Box
from fanfold.ocr.picture import ruled_lines
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.ruled_lines import Rule, Rules

_MEETING = 12
"""Rules meet that come within an inch divided by that; so close they are one, too."""

_DIVIDES = 0.6
"""Share of a cell's side along which a rule must run to be its edge."""

_MOST_PLACES = 2500
"""More than 50 × 50 places are a chart's paper."""


class Place(NamedTuple):
    """A cell of a grid: its first row and column, how many it spans, its box in pixels."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


class Grid(NamedTuple):
    """A grid of ``rows`` × ``columns``; its cells row by row."""

    rows: int
    columns: int
    cells: tuple[Place, ...]


def look(picture: Drawing) -> tuple[Grid, ...]:
    """Return the grids on a picture."""
    if not ruled_lines.likely(picture.ink):
        return ()
    return find(ruled_lines.find(picture.image, picture.dpi), picture.dpi)


def find(found: Rules, dpi: int) -> tuple[Grid, ...]:
    """Return the grids of at least two cells that the rules make, in pixels."""
    reach = max(2.0, dpi / _MEETING)
    grids = (_grid(group, reach) for group in _groups(found, reach))
    return tuple(grid for grid in grids if grid and len(grid.cells) > 1)


def _groups(found: Rules, reach: float) -> Iterator[Rules]:
    """Yield rules that meet, directly or over others."""
    across, down = list(found.across), list(found.down)
    while across:
        group = Rules((across.pop(),), ())
        while True:
            meet = [d for d in down if any(_meet(a, d, reach) for a in group.across)]
            down = [d for d in down if d not in meet]
            more = [a for a in across if any(_meet(a, d, reach) for d in meet)]
            across = [a for a in across if a not in more]
            group = Rules((*group.across, *more), (*group.down, *meet))
            if not more:
                break
        if group.down:
            yield group


def _meet(across: Rule, down: Rule, reach: float) -> bool:
    return (
        across.start - reach <= down.at <= across.end + reach
        and down.start - reach <= across.at <= down.end + reach
    )


def _grid(group: Rules, reach: float) -> Grid | None:
    xs = _edges(group.down, group.across, reach)
    ys = _edges(group.across, group.down, reach)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > _MOST_PLACES:
        return None
    joined = _Joined(rows, columns)
    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column in range(1, columns):
            if not _divided(group.down, xs[column], top, bottom, reach):
                joined.join((row, column - 1), (row, column))
    for column, (left, right) in enumerate(pairwise(xs)):
        for row in range(1, rows):
            if not _divided(group.across, ys[row], left, right, reach):
                joined.join((row - 1, column), (row, column))
    return Grid(rows, columns, tuple(_places(joined.rectangles(), xs, ys)))


def _edges(own: Iterable[Rule], others: Iterable[Rule], reach: float) -> list[float]:
    """Return where rules lie, and the ends of those that cross them where these go beyond."""
    places: list[list[float]] = []
    for at in sorted(rule.at for rule in own):
        if places and at - places[-1][-1] <= reach:
            places[-1].append(at)
        else:
            places.append([at])
    edges = [sum(place) / len(place) for place in places]
    start = min(rule.start for rule in others)
    end = max(rule.end for rule in others)
    before = [float(start)] if start < edges[0] - 2 * reach else []
    behind = [float(end)] if end > edges[-1] + 2 * reach else []
    return before + edges + behind


def _divided(own: Iterable[Rule], at: float, start: float, end: float, reach: float) -> bool:
    """Whether rules at a place run along most of a side."""
    parts = [r for r in own if abs(r.at - at) <= 2 * reach]
    covered = sum(max(0.0, min(r.end, end) - max(r.start, start)) for r in parts)
    return covered >= _DIVIDES * (end - start)


class _Joined:
    """Places of a grid, joined to cells: each place knows the first one of its cell."""

    def __init__(self, rows: int, columns: int) -> None:
        self._first = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((self._first[one], self._first[other]))
        for place, head in self._first.items():
            if head == second:
                self._first[place] = first

    def rectangles(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield cells as (row, column, row span, column span); what is no rectangle is parted."""
        cells: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place, head in self._first.items():
            cells.setdefault(head, []).append(place)
        found = []
        for places in cells.values():
            (top, left), (bottom, right) = min(places), max(places)
            left, right = min(c for _, c in places), max(c for _, c in places)
            if (bottom - top + 1) * (right - left + 1) == len(places):
                found.append((top, left, bottom - top + 1, right - left + 1))
            else:
                found += [(row, column, 1, 1) for row, column in places]
        yield from sorted(found)


def _places(
    cells: Iterable[tuple[int, int, int, int]], xs: Sequence[float], ys: Sequence[float]
) -> Iterator[Place]:
    for row, column, down, across in cells:
        box = Box(xs[column], ys[row], xs[column + across], ys[row + down])
        yield Place(row, column, down, across, box)
