"""Which side of a page is up, by the shapes of its letters (tesseract's OSD)."""

from __future__ import annotations

from pytesseract import Output, TesseractError, pytesseract

from fanfold.ocr.picture.render import Drawing

_OPTIONS = "--dpi {dpi} -c min_characters_to_try=10"
"""tesseract itself gives up below 50 characters; a title or a stamp has less."""


def clockwise(drawing: Drawing, tesseract: str) -> int | None:
    """Return by how many degrees (0, 90, 180, 270) the drawing must be turned to stand upright.

    None where its letters do not tell, or where the data for it (``osd``) is not installed.
    """
    pytesseract.tesseract_cmd = tesseract
    try:
        found = pytesseract.image_to_osd(
            str(drawing.path), config=_OPTIONS.format(dpi=drawing.dpi), output_type=Output.DICT
        )
        return int(found["rotate"]) % 360
    except (TesseractError, LookupError, ValueError):
        return None
