"""Recognisers that say what they are told, and passes that look with them."""

from __future__ import annotations

from fanfold.errors import PageError
from fanfold.ocr.isolation.task import Stopwatch
from fanfold.ocr.passes import table
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Way
from fanfold.ocr.words import Row

PLENTY = 12_000_000
"""Pixels that a further look may have."""


class Engine:
    """A recogniser that says what it is told, and remembers what it was shown."""

    def __init__(self, *rows: Row, error: PageError | None = None) -> None:
        self.rows, self.error = rows, error
        self.shown: list[tuple[Drawing, Way]] = []

    def read(self, picture: Drawing, way: Way) -> Reading:
        """Say it, or raise the error."""
        self.shown.append((picture, way))
        if self.error:
            raise self.error
        return Reading.of(picture, self.rows)


def after(names: str, found: Reading, engine: object, pixels: int = PLENTY) -> Reading:
    """Return ``found`` after those passes alone whose ``names`` these are, parted by spaces."""
    means = Means(engine, pixels, redraw=lambda factor: None)
    return table.passed(found, means, Stopwatch(), set(table.PASS_NAMES) - set(names.split()))
