"""Look at a page a second time where the first look leaves doubts: at another size, other layouts.

Recognition is best where words are some 26 pixels high; what a page's resolution says about that
is often wrong (photographs, receipts, small print), but the first look has measured it. Receipts
and forms come out better with the page taken for one block (page segmentation 6) and with a
threshold of its own in every place (Sauvola's). No look is best everywhere on a page: what they
say is compared word by word.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from PIL import Image

from fanfold.errors import PageError
from fanfold.ocr.passes import vote
from fanfold.ocr.picture.render import LONGEST_SIDE, Drawing
from fanfold.ocr.recognise.tesseract import Recogniser, Recognition, Way
from fanfold.ocr.words import Row, placed

DOUBTFUL = 80.0
"""Mean confidence below which a page is looked at again; clean scans stand above 90."""

PATIENCE = 15.0
"""Seconds of wall time that further looks may take together, as the last one's time foretells."""

WORD_HEIGHT = 26.0
"""Pixels: ascenders to descenders. Of 20, 26 and 34 it read receipts best."""

WORD_DPI = 250
"""The resolution at which letters of 10 points make words of that height."""

_WAYS = (Way(width=1), Way(6, adaptive=True, width=1))
_SURE = 50.0
_LETTERS = 3
_SAME = 1.15
"""Sizes closer than that are the same."""


def better(
    first: Recognition, picture: Drawing, recogniser: Recogniser, pixels: int
) -> Recognition:
    """Return the best of ``first``, which was read from ``picture``, and of further looks.

    They may take up to ``pixels`` each; one that fails, for want of memory say, is the last.
    """
    looks = [first, *_further(first, picture, recogniser, pixels)]
    best, *others = sorted(looks, key=lambda look: look.worth, reverse=True)
    rows = list(best.rows)
    for number, other in enumerate(others):
        rows = vote.merged(rows, other.rows, f"look{number}")
    return best._replace(rows=tuple(rows))


def _further(
    first: Recognition, picture: Drawing, recogniser: Recogniser, pixels: int
) -> Iterator[Recognition]:
    """Yield further readings, in pixels of ``picture``, until one is sure enough."""
    began = before = time.monotonic()
    best = first
    factor = scale(first, picture, pixels)
    larger: Drawing | None = None
    for way in _WAYS if factor else ():
        now = time.monotonic()
        if best.confidence >= DOUBTFUL or now - began + now - before > PATIENCE:
            break
        before = now
        larger = larger or scaled(picture, factor)
        try:
            found = recogniser.read(larger, way)
        except PageError:  # what was read already stands
            break
        found = found._replace(rows=_shrunk(found, larger.width / picture.width))
        yield found
        best = max(best, found, key=lambda look: look.worth)


def scale(first: Recognition, picture: Drawing, pixels: int) -> float:
    """Return the factor that brings words to WORD_HEIGHT; 0 where none were read."""
    words = [row.word for row in first.rows if row.word.confidence > _SURE]
    heights = [w.box.height for w in words if len(w.text) >= _LETTERS and w.text.isalnum()]
    if not heights:
        return 0.0
    wanted = WORD_HEIGHT / median(heights)
    most = min(
        (pixels / (picture.width * picture.height)) ** 0.5,
        LONGEST_SIDE / max(picture.width, picture.height),
    )
    factor = min(wanted, most)
    return 1.0 if 1 / _SAME < factor < _SAME else factor


def scaled(picture: Drawing, factor: float) -> Drawing:
    """Return a picture enlarged or reduced by ``factor`` to words of WORD_HEIGHT."""
    if factor == 1:
        return picture._replace(dpi=WORD_DPI)
    size = round(picture.width * factor), round(picture.height * factor)
    path = picture.path.with_name(f"{picture.path.stem}-scaled.pgm")
    with Image.open(picture.path, formats=["PPM"]) as image:
        image.resize(size, Image.Resampling.BICUBIC).save(path)
    return Drawing(path, WORD_DPI, *size)


def _shrunk(found: Recognition, factor: float) -> tuple[Row, ...]:
    return tuple(placed(found.rows, lambda box: box.scaled(1 / factor)))
