"""Recognisers that say what they are told."""

from __future__ import annotations

from fanfold.errors import PageError
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recognition, Way
from fanfold.ocr.words import Row


class Engine:
    """A recogniser that says what it is told, and remembers what it was shown."""

    def __init__(self, *rows: Row, error: PageError | None = None) -> None:
        self.rows, self.error = rows, error
        self.shown: list[tuple[Drawing, Way]] = []

    def read(self, picture: Drawing, way: Way) -> Recognition:
        """Say it, or raise the error."""
        self.shown.append((picture, way))
        if self.error:
            raise self.error
        return Recognition(self.rows)
