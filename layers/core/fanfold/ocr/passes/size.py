"""The size at which words are recognised best, whatever a page's resolution says."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.render import LONGEST_SIDE
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import WORD_HEIGHT

WORD_DPI = 250
"""The resolution at which letters of 10 points make words of WORD_HEIGHT."""

_MEASURED = 50.0
"""Confidence that a word needs to be measured."""

_LETTERS_OF_A_SIZE = 3
_SAME = 1.15
"""Sizes closer than that are the same."""


def factor(found: Reading, pixels: int) -> float:
    """Return the factor that brings words to WORD_HEIGHT; 0 where none were read.

    A drawing enlarged by it has at most so many ``pixels``.
    """
    words = [row.word for row in found.rows if row.word.confidence > _MEASURED]
    heights = [word.box.height for word in words if _is_measured(word.text)]
    if not heights:
        return 0.0
    width, height = found.drawing.size
    most = min((pixels / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
    best = min(WORD_HEIGHT / median(heights), most)
    return 1.0 if 1 / _SAME < best < _SAME else best


def _is_measured(text: str) -> bool:
    """Whether the height of a word is one of letters or digits: points and commas stay within."""
    said = text.replace(".", "").replace(",", "")
    return len(said) >= _LETTERS_OF_A_SIZE and said.isalnum()


def resized(picture: Drawing, factor: float) -> Drawing:
    """Return a picture enlarged or reduced by ``factor`` to words of WORD_HEIGHT."""
    if factor == 1:
        return replace(picture, dpi=WORD_DPI)
    return picture.resized(round(picture.width * factor), round(picture.height * factor), WORD_DPI)
