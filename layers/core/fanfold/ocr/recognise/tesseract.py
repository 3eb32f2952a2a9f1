"""Recognise a picture: one run of tesseract gives the words, their boxes and confidences.

Two engines: libtesseract in a fork of this process, whose model is loaded before there is a page,
and tesseract's program where that library cannot be had. Both write the same table.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pytesseract import TesseractError, TesseractNotFoundError, pytesseract

from fanfold import workspace
from fanfold.errors import OutOfMemory, PageTimeout, RecognitionFailed
from fanfold.model import Box
from fanfold.ocr.isolation import fork, programs, verdict
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import languages as known_languages
from fanfold.ocr.recognise import models, spelling, tsv
from fanfold.ocr.recognise.libtesseract import Model
from fanfold.ocr.recognise.models import LANGUAGES
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import placed

_OPTIONS = "--psm {segmentation} -c tessedit_create_tsv=1"

NARROW = 0.8
"""Share of their width at which lines of fine scans are read. Recognition costs by a line's width
at a fixed height, and reads common book faces better so; other scripts were not measured."""

WORD_HEIGHT = 26.0
"""Height at which words are read best, in pixels from ascenders to descenders. Of 20, 26 and 34 it
read receipts best."""

NARROWED_DPI = 200
"""Minimum resolution of scans whose lines are narrowed; receipts and forms below come out worse."""


class Way(NamedTuple):
    """How to look at a picture: tesseract's page segmentation mode; thresholds place by place.

    ``width`` is the share of the picture's width to read it at; None for the recogniser's own on
    whole pages, and for all of it with any other segmentation.
    """

    segmentation: int = 3
    adaptive: bool = False
    width: float | None = None

    def variables(self, dpi: int) -> dict[str, str]:
        """Return what tesseract is to be told about a picture of that resolution."""
        chosen = {"user_defined_dpi": str(dpi)}
        return chosen | {"thresholding_method": "2"} if self.adaptive else chosen


@dataclass(frozen=True, slots=True)
class Tesseract:
    """tesseract with the ``languages`` it is to read, joined by ``+``.

    With their ``model`` the library reads, without one ``tesseract``, the program. ``width`` is
    the share of a picture's width at which it is read. No reading begins after ``until``, on the
    monotonic clock, or goes on when this process and its children have used ``cpu`` seconds (the
    program ends one late).
    """

    tesseract: str
    languages: str
    model: Model | None = None
    width: float = 1.0
    until: float = math.inf
    cpu: float = math.inf

    def read(self, picture: Drawing, way: Way = Way()) -> Reading:  # noqa: B008 (immutable)
        """Read a picture; raise RecognitionFailed, OutOfMemory, DiskFull or PageTimeout.

        tesseract opens paths and addresses that stand *in* a file which is not an image, so it
        gets only pictures that we drew ourselves.
        """
        if time.monotonic() > self.until or fork.spent() >= self.cpu:
            raise PageTimeout
        if not LANGUAGES.fullmatch(self.languages):
            raise RecognitionFailed("The languages cannot be read.")
        narrow = _narrowed(picture, way.width or self._width(way))
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / "words"
            complaint = self._run(narrow, way, base)
            rows = tuple(tsv.rows(_table(base)))
            if not rows:
                self._check_memory(narrow, base, complaint)
        widen = partial(_widened, factor=picture.width / narrow.width)
        spelled = tuple(spelling.spelled(placed(rows, widen), self.languages))
        return Reading.of(picture, spelled, self.languages)

    def _width(self, way: Way) -> float:
        return self.width if way.segmentation == Way().segmentation else 1.0

    def _run(self, picture: Drawing, way: Way, base: Path) -> str | None:
        """Read a picture; return what tesseract complained of, None if that is not known."""
        if self.model is None:
            self._start(picture, way, base)
            return None
        end = fork.run(partial(_read, self.model, picture, way, base), self.cpu - fork.spent())
        if end.status:
            raise verdict.of_program(end.status, end.words, RecognitionFailed)
        return end.words

    def _check_memory(self, picture: Drawing, base: Path, complaint: str | None) -> None:
        """Raise OutOfMemory if that is why nothing was found.

        tesseract then calls the page empty and ends well; only what it complains of tells.
        """
        words = self._complaint(picture, base) if complaint is None else complaint
        error = verdict.of_program(0, words, RecognitionFailed)
        if isinstance(error, OutOfMemory):
            raise error

    def _complaint(self, picture: Drawing, base: Path) -> str:
        """Return the beginning of what the program says; all of it can be a hundred megabytes.

        pytesseract tells what a program said only where that failed, so it is run once more.
        """
        command = [self.tesseract, str(_saved(picture, base)), os.devnull, "-l", self.languages]
        command += ["--dpi", str(picture.dpi)]
        return programs.run(command, most=fork.MAXIMUM_COMPLAINT).complaint

    def _start(self, picture: Drawing, way: Way, base: Path) -> None:
        pytesseract.tesseract_cmd = self.tesseract
        try:
            pytesseract.run_tesseract(
                input_filename=str(_saved(picture, base)),
                output_filename_base=str(base),
                extension="tsv",
                lang=self.languages,
                config=_config(picture, way),
            )
        except TesseractError as error:
            workspace.check_room(base.parent)
            raise verdict.of_program(error.status, error.message, RecognitionFailed) from error
        except TesseractNotFoundError as error:
            raise RecognitionFailed("The text recognition is not installed.") from error


def for_task(task: Task) -> Tesseract:
    """Return the recogniser of a task's languages, for pictures as its scan is."""
    model = models.get(task.library, task.tessdata, task.languages)
    fine = task.scan_dpi >= NARROWED_DPI and all(map(_is_latin, task.languages.split("+")))
    return Tesseract(task.tesseract, task.languages, model, NARROW if fine else 1.0)


def _is_latin(language: str) -> bool:
    known = known_languages.find(language)
    return known is not None and known.script == known_languages.LATIN_SCRIPT


def _narrowed(picture: Drawing, width: float) -> Drawing:
    if width == 1:
        return picture
    return picture.resized(max(1, round(picture.width * width)), picture.height)


def _saved(picture: Drawing, base: Path) -> Path:
    """Write a picture beside ``base``, for a program; return where it is."""
    path = base.with_suffix(".pgm")
    picture.image.save(path)
    return path


def _widened(box: Box, factor: float) -> Box:
    return replace(box, x0=box.x0 * factor, x1=box.x1 * factor)


def _read(model: Model, picture: Drawing, way: Way, base: Path) -> None:
    pixels, variables = picture.image.tobytes(), way.variables(picture.dpi)
    table = model.read(pixels, picture.size, way.segmentation, variables)
    base.with_suffix(".tsv").write_text(table, encoding="utf-8")


def _table(base: Path) -> str:
    try:
        return base.with_suffix(".tsv").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        raise RecognitionFailed from error


def _config(picture: Drawing, way: Way) -> str:
    config = _OPTIONS.format(segmentation=way.segmentation)
    chosen = (f"-c {name}={value}" for name, value in way.variables(picture.dpi).items())
    return " ".join((config, *chosen))
