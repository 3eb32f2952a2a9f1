"""All looks at a drawing, each where the ones before it leave a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from PIL import Image

from fanfold.errors import PageError
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.passes import (
    cells,
    corrections,
    doubtful,
    dust,
    ellipses,
    large_writing,
    small_print,
    specks,
    unread_ink,
)
from fanfold.ocr.picture import grids as ruled_grids
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.grids import Grid
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise import auto_language, upright
from fanfold.ocr.recognise.tesseract import Recogniser, Way
from fanfold.ocr.recognise.upright import Upright

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
    found = upright.read(drawing, shown, auto_language.recogniser(task), task.pixels)
    settled = auto_language.settled(task, found.recognition)
    settled = replace(settled, until=task.last_look)
    first = drawing
    found, drawing = _finer(found, drawing, finer, settled, task.pixels)
    picture = found.picture
    best = doubtful.better(found.recognition, picture, settled, task.pixels)
    small = shown if picture == first else ink.of(picture)
    grids = ruled_grids.look(picture, small)
    best = cells.reread(best, picture, small, grids, settled, task.pixels)
    best = unread_ink.more(best, picture, small, settled)
    best = large_writing.more(best, picture, settled)
    rows = corrections.parted(tuple(specks.without(best.rows)), picture)
    best = dust.completed(best._replace(rows=rows), picture)
    best = ellipses.completed(best, picture, small)
    return Seen(found._replace(recognition=best), grids, drawing)


def _finer(
    found: Upright, drawing: Drawing, finer: Finer, recogniser: Recogniser, pixels: int
) -> tuple[Upright, Drawing]:
    """Return what is read of a finer drawing, and that, where it is wanted, had and better."""
    factor = small_print.wanted(found.recognition)
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
