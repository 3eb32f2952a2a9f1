"""Text layers whose lines run up or down the page as displayed, or stand on their head.

pdftotext says words of a line in the order in which they are read, whichever way they run, but
puts paragraphs of such a page in no useful order. Of a page that is turned first, it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pikepdf

from fanfold.bidi import runs_left
from fanfold.errors import PageUnreadable
from fanfold.ocr.words import Row

_RIGHTWARDS, _DOWN, _LEFTWARDS, _UP = 0, 270, 180, 90
"""Which way text runs, as the degrees clockwise to turn the page by so that it runs across."""

_STEPS_ALONG = 0.6
"""Share of the steps from word to word that must go the same way: an axis of a figure is not
the page."""

_ENOUGH = 3
"""Steps that tell; a page with less stays as it is."""


def angle(rows: Sequence[Row]) -> int:
    """Return by how many degrees clockwise (0, 90, 180, 270) the page must be turned."""
    steps = Counter(_steps(rows))
    if steps.total() < _ENOUGH:
        return 0
    way, count = steps.most_common(1)[0]
    return way if count > _STEPS_ALONG * steps.total() else 0


def turned(source: str, degrees: int) -> str:
    """Write a copy of a one-page PDF that is displayed turned clockwise; return its path.

    Raises PageUnreadable.
    """
    path = str(Path.cwd() / "sideways.pdf")
    try:
        with pikepdf.open(source) as pdf:
            pdf.pages[0].rotate(degrees, relative=True)
            pdf.save(path)
    except (pikepdf.PikepdfError, LookupError, TypeError, ValueError) as error:
        raise PageUnreadable from error
    return path


def _steps(rows: Sequence[Row]) -> Iterator[int]:
    for one, other in pairwise(rows):
        if (one.paragraph, one.line) != (other.paragraph, other.line):
            continue
        a, b = one.word.box, other.word.box
        across, down = (b.x0 + b.x1) - (a.x0 + a.x1), (b.y0 + b.y1) - (a.y0 + a.y1)
        if abs(down) > abs(across):
            yield _DOWN if down > 0 else _UP
        elif not runs_left(one.word.text + other.word.text):
            yield _RIGHTWARDS if across > 0 else _LEFTWARDS
