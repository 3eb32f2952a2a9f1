"""document.tsv: the table that tesseract writes, for spreadsheets, pandas and scripts.

Twelve columns, tab-separated, one row for each page (level 1), block (2), paragraph (3), line (4)
and word (5). Places are in pixels of the page as displayed, ``units.PIXELS_PER_INCH``; ``conf`` is
-1 where a row is no word. A failed page is one row without a size that says why as its text.
"""

from __future__ import annotations

from collections.abc import Iterator

from fanfold.formats import units
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.text import CONTROLS
from fanfold.formats.units import PIXELS_PER_INCH, Area, area
from fanfold.model import Line

_COLUMN_NAMES = (
    "level", "page_num", "block_num", "par_num", "line_num", "word_num",
    "left", "top", "width", "height", "conf", "text",
)  # fmt: skip
_NO_WORD = -1
"""Confidence in rows that are of no word."""


def page(outcome: Outcome) -> str:
    """Return a page's rows."""
    return "".join("\t".join(map(str, row)) + "\n" for row in _rows(outcome))


def _rows(page: Outcome) -> Iterator[tuple[object, ...]]:
    number = page.number
    if isinstance(page, FailedPage):
        yield _row(1, (number,), Area(0, 0, 0, 0), text=f"[failed: {page.reason.code}]")
        return
    yield _row(1, (number,), units.whole(page, PIXELS_PER_INCH))
    for place, block in enumerate(page.blocks, 1):
        around = area(block.box, PIXELS_PER_INCH)
        yield _row(2, (number, place), around)
        yield _row(3, (number, place, 1), around)
        for nth, line in enumerate(block.lines, 1):
            yield from _line((number, place, 1, nth), line)


def _line(place: tuple[int, ...], line: Line) -> Iterator[tuple[object, ...]]:
    yield _row(4, place, area(line.box, PIXELS_PER_INCH))
    for nth, word in enumerate(line.words, 1):
        text = word.text.translate(CONTROLS)
        yield _row(
            5, (*place, nth), area(word.box, PIXELS_PER_INCH), round(word.confidence, 2), text
        )


def _row(
    level: int, place: tuple[int, ...], box: Area, confidence: float = _NO_WORD, text: str = ""
) -> tuple[object, ...]:
    numbers = (*place, *[0] * (5 - len(place)))
    return (level, *numbers, *box, confidence, text)


TSV = Series(page, before="\t".join(_COLUMN_NAMES) + "\n")
