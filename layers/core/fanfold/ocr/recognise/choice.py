"""Who reads a page besides tesseract, which reads each first: PP-OCRv6, if it knows the script."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from fanfold.model import Readers
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.languages import LATIN_SCRIPT, find
from fanfold.ocr.recognise.neural import models
from fanfold.ocr.recognise.neural.reader import Neural
from fanfold.ocr.recognise.reading import Reading

_SCRIPTS = (LATIN_SCRIPT, "HanS", "HanT", "Japanese")
"""Scripts that PP-OCRv6 was taught; of Fraktur it reads less than tesseract."""

_UNKNOWN = ("vie", "yor")
"""Languages in one of them some of whose letters it does not know."""


class Recogniser(Protocol):
    """Reads pictures whose lines run across: words with their boxes and confidences."""

    def read(self, picture: Drawing) -> Reading:
        """Read a picture; raise PageErrors."""


class Second(NamedTuple):
    """The second reader of a page; ``always`` says that it reads also where nobody doubts.

    It takes so many ``bytes`` of memory. None is ``here`` where only the heavy lane has one.
    """

    reader: Recogniser
    always: bool
    bytes: int
    here: bool = True


def second(task: Task, languages: str) -> Second | None:
    """Return the second reader of a page in ``languages``, joined by ``+``; None for nobody."""
    if task.engine == Readers.TESSERACT or not all(map(_is_known, languages.split("+"))):
        return None
    if not (here := models.installed()) and not task.second_in_heavy:
        return None
    return Second(Neural(languages), task.engine == Readers.NEURAL, models.BYTES, here)


def _is_known(language: str) -> bool:
    known = find(language)
    return known is not None and known.script in _SCRIPTS and language not in _UNKNOWN
