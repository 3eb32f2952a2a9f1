"""Recognise a picture: one run of tesseract gives the words, their boxes and confidences."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pytesseract import TesseractError, TesseractNotFoundError, pytesseract

from fanfold.errors import OutOfMemory, RecognitionFailed
from fanfold.ocr import tsv, verdict
from fanfold.ocr.render import Drawing
from fanfold.ocr.tsv import Row

_LANGUAGES = re.compile(r"[A-Za-z]\w*(?:/[A-Za-z]\w*)?(?:\+[A-Za-z]\w*(?:/[A-Za-z]\w*)?)*")
_OPTIONS = "--dpi {dpi} --psm {segmentation} -c tessedit_create_tsv=1"
_ADAPTIVE = "-c thresholding_method=2"

_COMPLAINT = 4096

_READABLE = 60.0
"""Confidence below which a letter does more harm than good."""


class Recognition(NamedTuple):
    """What was read, in pixels of the picture."""

    rows: tuple[Row, ...]

    @property
    def confidence(self) -> float:
        """The mean confidence of the words, 0 to 100; 0 where there are none."""
        return sum(row.word.confidence for row in self.rows) / max(1, len(self.rows))

    @property
    def worth(self) -> float:
        """How much was read: letters count by how sure they are, and against it if they are not."""
        return sum(len(row.word.text) * (row.word.confidence - _READABLE) for row in self.rows)


class Way(NamedTuple):
    """How to look at a picture: tesseract's page segmentation mode; thresholds place by place."""

    segmentation: int = 3
    adaptive: bool = False


@dataclass(frozen=True, slots=True)
class Recogniser:
    """tesseract with the ``languages`` it is to read, joined by ``+``."""

    tesseract: str
    languages: str

    def read(self, picture: Drawing, way: Way = Way()) -> Recognition:  # noqa: B008 (immutable)
        """Read a picture; raise RecognitionFailed, OutOfMemory or DiskFull.

        tesseract opens paths and addresses that stand *in* a file which is not an image, so it
        gets only pictures that we drew ourselves.
        """
        if not _LANGUAGES.fullmatch(self.languages):
            raise RecognitionFailed("The languages cannot be read.")
        base = picture.path.with_name(f"{picture.path.stem}-{way.segmentation}-{way.adaptive:d}")
        rows = tuple(tsv.rows(self._run(picture, way, base)))
        if not rows:
            self._doubt(picture)
        return Recognition(rows)

    def _doubt(self, picture: Drawing) -> None:
        """Raise OutOfMemory if that is why nothing was found.

        tesseract then calls the page empty and ends well; only what it complains of tells, which
        pytesseract keeps to itself. It can be a hundred megabytes: the beginning will do.
        """
        command = [self.tesseract, str(picture.path), os.devnull, "-l", self.languages]
        with subprocess.Popen(
            [*command, "--dpi", str(picture.dpi)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            words = process.stderr.read(_COMPLAINT) if process.stderr else b""
            process.kill()
        error = verdict.of_program(0, words.decode("utf-8", "replace"), RecognitionFailed)
        if isinstance(error, OutOfMemory):
            raise error

    def _run(self, picture: Drawing, way: Way, base: Path) -> str:
        pytesseract.tesseract_cmd = self.tesseract
        try:
            pytesseract.run_tesseract(
                input_filename=str(picture.path),
                output_filename_base=str(base),
                extension="tsv",
                lang=self.languages,
                config=_config(picture, way),
            )
            return base.with_suffix(".tsv").read_text(encoding="utf-8", errors="replace")
        except TesseractError as error:
            raise verdict.of_program(error.status, error.message, RecognitionFailed) from error
        except TesseractNotFoundError as error:
            raise RecognitionFailed("The text recognition is not installed.") from error
        except FileNotFoundError as error:
            raise RecognitionFailed from error


def _config(picture: Drawing, way: Way) -> str:
    config = _OPTIONS.format(dpi=picture.dpi, segmentation=way.segmentation)
    return f"{config} {_ADAPTIVE}" if way.adaptive else config
