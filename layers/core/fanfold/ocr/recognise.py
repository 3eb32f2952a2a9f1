"""Recognise a drawn page: one run of tesseract gives the words and the invisible text layer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from pytesseract import TesseractError, TesseractNotFoundError, pytesseract

from fanfold.errors import RecognitionFailed
from fanfold.model import Block
from fanfold.ocr import tsv, verdict
from fanfold.ocr.render import Drawing

_LANGUAGES = re.compile(r"[A-Za-z]\w*(?:/[A-Za-z]\w*)?(?:\+[A-Za-z]\w*(?:/[A-Za-z]\w*)?)*")
_OPTIONS = "--dpi {dpi} -c textonly_pdf=1 -c tessedit_create_tsv=1"


class Recognition(NamedTuple):
    """What was read, in points, and the PDF that holds it as invisible text."""

    blocks: tuple[Block, ...]
    layer: Path


def recognise(drawing: Drawing, languages: str, tesseract: str, scale: float) -> Recognition:
    """Read ``drawing``; ``scale`` is points per pixel. Raise RecognitionFailed or OutOfMemory.

    tesseract opens paths and addresses that stand *in* a file which is not an image, so it gets
    only pictures that we drew ourselves.
    """
    if not _LANGUAGES.fullmatch(languages):
        raise RecognitionFailed("The languages cannot be read.")
    base = drawing.path.with_suffix("")
    pytesseract.tesseract_cmd = tesseract
    try:
        pytesseract.run_tesseract(
            input_filename=str(drawing.path),
            output_filename_base=str(base),
            extension="tsv pdf",
            lang=languages,
            config=_OPTIONS.format(dpi=drawing.dpi),
        )
        table = base.with_suffix(".tsv").read_text(encoding="utf-8", errors="replace")
    except TesseractError as error:
        raise verdict.of_program(error.status, error.message, RecognitionFailed) from error
    except TesseractNotFoundError as error:
        raise RecognitionFailed("The text recognition is not installed.") from error
    except FileNotFoundError as error:
        raise RecognitionFailed from error
    return Recognition(tsv.blocks(tsv.rows(table, scale)), base.with_suffix(".pdf"))
