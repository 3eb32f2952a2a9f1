"""What was read of a picture: one frozen value that passes take and give back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fanfold.geometry import Turn
from fanfold.model import Box, Readers
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.grids import Grid
from fanfold.ocr.words import Row

_MINIMUM_LEGIBLE = 60.0
"""Minimum confidence of a letter that does more good than harm."""

_MINIMUM_WORD = 3
"""Minimum of letters and digits in a word that counts as legible; noise gives shorter ones."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Words in pixels of ``drawing``, and how that lies on the page as displayed.

    ``displayed`` is the drawing before it was turned upright by ``turn``: by ``orientation`` and
    ``skew`` degrees clockwise. ``languages`` are those it was read in; ``unread`` are places
    with letters that nobody could read; ``grids`` what its rules make; ``readers`` who read it.
    """

    drawing: Drawing
    displayed: Drawing
    turn: Turn
    rows: tuple[Row, ...] = ()
    languages: str = ""
    orientation: int = 0
    skew: float = 0.0
    unread: tuple[Box, ...] = ()
    grids: tuple[Grid, ...] = ()
    readers: tuple[Readers, ...] = (Readers.TESSERACT,)

    @classmethod
    def of(cls, drawing: Drawing, rows: tuple[Row, ...] = (), languages: str = "") -> Reading:
        """Return what was read of a drawing as it is."""
        return cls(drawing, drawing, Turn.none(drawing.size), rows, languages)

    @property
    def confidence(self) -> float:
        """The mean confidence of the words, 0 to 100; 0 where there are none."""
        return sum(row.word.confidence for row in self.rows) / max(1, len(self.rows))

    @property
    def legible(self) -> int:
        """How many letters were read in words that have some letters and are sure enough."""
        words = (row.word for row in self.rows if row.word.confidence >= _MINIMUM_LEGIBLE)
        counts = (sum(map(str.isalnum, word.text)) for word in words)
        return sum(count for count in counts if count >= _MINIMUM_WORD)

    @property
    def score(self) -> float:
        """How much was read; see ``score``."""
        return score(self.rows)

    def saying(self, rows: tuple[Row, ...]) -> Reading:
        """Return the reading with other words."""
        return replace(self, rows=rows)

    def place(self, box: Box, width: float) -> Box:
        """Return where a box of the drawing lies on the page as displayed, ``width`` points wide.

        Points as in ``model``.
        """
        return self.turn.undo(box).scaled(width / self.displayed.width)


def score(rows: tuple[Row, ...]) -> float:
    """Return how much was read: sure letters count for it, doubtful ones against it."""
    return sum(len(row.word.text) * (row.word.confidence - _MINIMUM_LEGIBLE) for row in rows)
