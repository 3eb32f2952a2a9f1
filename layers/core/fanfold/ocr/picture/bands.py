"""A few lines of a page, to learn from them what the page is like."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from PIL import Image

from fanfold.ocr.picture import ink
from fanfold.ocr.picture.drawing import Drawing

LINES = 3
"""How many lines are cut: some thirty words, which tell a language as well as hundreds do."""

_MINIMUM_INK = 0.5
"""Minimum ink of a row that belongs to a line, as share of the mean ink of the page's rows."""

_MAXIMUM_BAND_HEIGHT = 2.0
"""Maximum height of a line, in heights of the median one: figures are higher."""

_WINDOW = 1 / 12
"""Share of the page's height that is taken where lines cannot be told apart."""


class _Run(NamedTuple):
    """Rows of pixels of the small copy, from ``top`` to before ``bottom``, and their ink."""

    top: int
    bottom: int
    ink: int


def cut(picture: Drawing, lines: int = LINES) -> tuple[Drawing, float]:
    """Return the part of a picture, as wide as it, that holds the ``lines`` with most ink.

    And its share of all ink. The picture's lines must run across.
    """
    small = ink.measure(picture.image, picture.dpi)
    rows = _rows(small)
    top, bottom = _band(rows, lines)
    scale = picture.height / small.height
    edges = (0, round(top * scale), picture.width, round(bottom * scale))
    share = sum(rows[top:bottom]) / max(1, sum(rows))
    return picture.showing(picture.image.crop(edges)), share


def _rows(small: Image.Image) -> bytes:
    return small.resize((1, small.height), Image.Resampling.BOX).tobytes()


def _band(rows: Sequence[int], lines: int) -> tuple[int, int]:
    """Return first row and the one behind the last of the best band."""
    inked = [row for row in rows if row]
    least = _MINIMUM_INK * sum(inked) / max(1, len(inked))
    runs = [run for run in _runs(rows, least) if run.ink]
    tall = _MAXIMUM_BAND_HEIGHT * median(run.bottom - run.top for run in runs) if runs else 0
    groups = [runs[n : n + lines] for n in range(len(runs) - lines + 1)]
    fit = [g for g in groups if max(run.bottom - run.top for run in g) <= max(tall, 2)]
    if not fit:
        return _window(rows)
    best = max(fit, key=lambda group: sum(run.ink for run in group))
    pad = max(2, (best[-1].bottom - best[0].top) // (2 * lines))
    return max(0, best[0].top - pad), min(len(rows), best[-1].bottom + pad)


def _runs(rows: Sequence[int], least: float) -> list[_Run]:
    found = []
    for inked, group in groupby(enumerate(rows), key=lambda row: row[1] >= max(1, least)):
        if inked:
            members = list(group)
            total = sum(map(itemgetter(1), members))
            found.append(_Run(members[0][0], members[-1][0] + 1, total))
    return found


def _window(rows: Sequence[int]) -> tuple[int, int]:
    """Return the window with most ink, a share of the page high."""
    height = max(1, round(len(rows) * _WINDOW))
    starts = range(max(1, len(rows) - height + 1))
    top = max(starts, key=lambda start: sum(rows[start : start + height]))
    return top, min(len(rows), top + height)
