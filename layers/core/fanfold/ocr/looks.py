"""All looks at a drawing, each where the ones before it leave a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from PIL import Image

from fanfold.ocr import (
    again,
    cells,
    ellipses,
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
from fanfold.ocr.render import Drawing
from fanfold.ocr.task import Task
from fanfold.ocr.upright import Upright


class Seen(NamedTuple):
    """What was read, and the ruled grids; both in pixels of the picture that was turned upright."""

    upright: Upright
    grids: tuple[Grid, ...]


def read(task: Task, drawing: Drawing, shown: Image.Image) -> Seen:
    """Read a drawing whose ink is ``shown``, in the task's languages.

    Raises what the recogniser raises on the first look; later ones never cost what was read.
    """
    found = upright.read(drawing, shown, script.recogniser(task), task.pixels)
    picture, settled = found.picture, script.settled(task, found.recognition)
    settled = replace(settled, until=task.last_look)
    best = again.better(found.recognition, picture, settled, task.pixels)
    small = ink.of(picture) if found.turn.angle else shown
    grids = grid.look(picture, small)
    best = cells.reread(best, picture, small, grids, settled, task.pixels)
    best = unread.more(best, picture, small, settled)
    best = large.more(best, picture, settled)
    rows = spaces.parted(tuple(specks.without(best.rows)), picture)
    best = marks.completed(best._replace(rows=rows), picture)
    best = ellipses.completed(best, picture, small)
    return Seen(found._replace(recognition=best), grids)
