"""All looks at a drawing, each where the ones before it leave a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from PIL import Image

from fanfold.errors import PageError
from fanfold.ocr import (
    again,
    cells,
    ellipses,
    fine,
    grid,
    ink,
    large,
    marks,
    script,
    spaces,
    specks,
    unread,
    upright,
)
from fanfold.ocr.grid import Grid
from fanfold.ocr.recognise import Recogniser, Way
from fanfold.ocr.render import Drawing
from fanfold.ocr.task import Task
from fanfold.ocr.turn import turned
from fanfold.ocr.upright import Upright

Finer = Callable[[float], Drawing | None]
"""Draws the page so many times as fine as before; None where that cannot be had."""


class Seen(NamedTuple):
    """What was read, and the ruled grids; both in pixels of the picture that was turned upright.

    ``drawing`` is the one that was turned.
    """

    upright: Upright
    grids: tuple[Grid, ...]
    drawing: Drawing


def read(task: Task, drawing: Drawing, shown: Image.Image, finer: Finer) -> Seen:
    """Read a drawing whose ink is ``shown``, in the task's languages.

    Raises what the recogniser raises on the first look; later ones never cost what was read.
    """
    found = upright.read(drawing, shown, script.recogniser(task), task.pixels)
    settled = script.settled(task, found.recognition)
    settled = replace(settled, until=task.last_look)
    first = drawing
    found, drawing = _finer(found, drawing, finer, settled, task.pixels)
    picture = found.picture
    best = again.better(found.recognition, picture, settled, task.pixels)
    small = shown if picture == first else ink.of(picture)
    grids = grid.look(picture, small)
    best = cells.reread(best, picture, small, grids, settled, task.pixels)
    best = unread.more(best, picture, small, settled)
    best = large.more(best, picture, settled)
    rows = spaces.parted(tuple(specks.without(best.rows)), picture)
    best = marks.completed(best._replace(rows=rows), picture)
    best = ellipses.completed(best, picture, small)
    return Seen(found._replace(recognition=best), grids, drawing)


def _finer(
    found: Upright, drawing: Drawing, finer: Finer, recogniser: Recogniser, pixels: int
) -> tuple[Upright, Drawing]:
    """Return what is read of a finer drawing, and that, where it is wanted, had and better."""
    factor = fine.wanted(found.recognition)
    try:
        if not factor or (larger := finer(factor)) is None:
            return found, drawing
        picture, turn = turned(larger, found.turn.angle, pixels)
        seen = recogniser.read(picture, Way(width=1))
    except PageError:  # what was read already stands
        return found, drawing
    if seen.legible <= found.recognition.legible:
        return found, drawing
    return found._replace(recognition=seen, turn=turn, picture=picture), larger
