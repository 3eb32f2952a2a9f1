"""Spots of ink on a black-and-white picture: what hangs together, straight or across a corner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageOps

from fanfold.model import Box

_RUN_OF_INK = re.compile(b"\xff+")


class Blob(NamedTuple):
    """The box of a spot, in pixels, and how many of them are ink."""

    box: Box
    area: int

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.box.width

    @property
    def height(self) -> float:
        """Pixels down."""
        return self.box.height

    @property
    def x(self) -> float:
        """Its middle."""
        return self.box.middle_x

    @property
    def y(self) -> float:
        """Its middle."""
        return self.box.middle_y

    def moved(self, right: float, down: float) -> Blob:
        """Return it so many pixels further on."""
        x0, y0, x1, y1 = self.box.x0, self.box.y0, self.box.x1, self.box.y1
        return self._replace(box=Box(x0 + right, y0 + down, x1 + right, y1 + down))


def of(picture: Image.Image) -> Iterator[Blob]:
    """Yield the spots of 255 in a grey picture: a microsecond for each run of them in a row."""
    spots = _Spots()
    for _ in _runs(picture, spots):
        pass
    yield from spots.whole()


def outlines(picture: Image.Image) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of all runs of 255 in a row, spot by spot."""
    spots, corners = _Spots(), dict[int, list[tuple[float, float]]]()
    for number, run in list(_runs(picture, spots)):
        points = corners.setdefault(spots.first(number), [])
        points += [(x, y) for x in (run.x0, run.x1) for y in (run.y0, run.y1)]
    yield from corners.values()


def _runs(picture: Image.Image, spots: _Spots) -> Iterator[tuple[int, Box]]:
    """Yield the runs of 255 with the numbers of their spots, which may be joined later."""
    framed = ImageOps.expand(picture, 1)
    width = framed.width
    above: list[tuple[int, int, int]] = []
    row = -1
    here: list[tuple[int, int, int]] = []
    for found in _RUN_OF_INK.finditer(framed.tobytes()):
        y, start = divmod(found.start(), width)
        end = start + found.end() - found.start()
        if y != row:
            above, here, row = here if y == row + 1 else [], [], y
        while above and above[0][1] < start:
            above.pop(0)
        run = Box(start - 1, y - 1, end - 1, y)
        spot = spots.add(run, end - start)
        for first, last, other in above:
            if first > end:
                break
            if last >= start:
                spot = spots.join(spot, other)
        here.append((start, end, spot))
        yield spot, run


class _Spots:
    """Spots that grow by runs: each knows the one that it was joined to."""

    def __init__(self) -> None:
        self._into: list[int] = []
        self._edges: list[tuple[float, float, float, float, int]] = []

    def add(self, box: Box, area: int) -> int:
        """Begin a spot; return its number."""
        self._into.append(len(self._into))
        self._edges.append((box.x0, box.y0, box.x1, box.y1, area))
        return len(self._into) - 1

    def join(self, one: int, other: int) -> int:
        """Make one of two spots; return its number."""
        first, second = sorted((self.first(one), self.first(other)))
        if first != second:
            self._into[second] = first
            a, b = self._edges[first], self._edges[second]
            corners = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
            self._edges[first] = (*corners, a[4] + b[4])
        return first

    def first(self, spot: int) -> int:
        """Return the number of the spot that one was joined to."""
        while self._into[spot] != spot:
            self._into[spot] = self._into[self._into[spot]]
            spot = self._into[spot]
        return spot

    def whole(self) -> Iterator[Blob]:
        """Yield the spots that were joined to no other."""
        for number, (x0, y0, x1, y1, area) in enumerate(self._edges):
            if self._into[number] == number:
                yield Blob(Box(x0, y0, x1, y1), area)
