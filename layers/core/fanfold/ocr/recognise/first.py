"""What tesseract has read of a page in one lane, written down for another one to go on with.

The picture is not: it is drawn again, which costs a tenth of reading it.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row


def dump(found: Reading) -> dict[str, Any]:
    """Write a reading as plain JSON values, nothing of it rounded: both lanes see the same page."""
    return {
        "displayed": found.displayed.size,
        "drawing": found.drawing.size,
        "orientation": found.orientation,
        "skew": found.skew,
        "languages": found.languages,
        "rows": [
            [*row.paragraph, row.line, row.word.text, row.word.confidence, astuple(row.word.box)]
            for row in found.rows
        ],
    }


def load(data: dict[str, Any], displayed: Drawing, pixels: int) -> Reading | None:
    """Return what was read, on ``displayed``; None if that is another drawing than it was read on.

    ``pixels`` bounds it when turned upright. Raises KeyError, TypeError or ValueError for anything
    that ``dump`` did not write.
    """
    orientation, skew = int(data["orientation"]), float(data["skew"])
    if displayed.size != tuple(data["displayed"]):
        return None
    drawing, turn = turned(displayed, orientation + skew, pixels)
    if drawing.size != tuple(data["drawing"]):
        return None
    return Reading(
        drawing,
        displayed,
        turn,
        tuple(map(_row, data["rows"])),
        str(data["languages"]),
        orientation,
        skew,
    )


def _row(data: list[Any]) -> Row:
    block, paragraph, line, text, confidence, box = data
    return Row((block, paragraph), line, Word(text, Box(*map(float, box)), float(confidence)))
