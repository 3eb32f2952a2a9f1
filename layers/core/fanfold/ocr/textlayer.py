"""The text that a page brings along, and whether to believe it.

``pdftotext -tsv -cropbox`` gives boxes relative to the crop box and turned as displayed (only the
size it gives for the page itself is not turned). Text outside the crop box is left out.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from fanfold.errors import PageUnreadable
from fanfold.model import Block, Mode
from fanfold.ocr import programs, tsv
from fanfold.ocr.engine import program

ENOUGH_WORDS = 40
"""Words that a text layer must have to stand for a page that is a picture. Stamps, file marks and
metadata have up to some 25; the emptiest full pages that were recognised by somebody, 60."""

PICTURE = 0.6
"""Share of the page under pictures from which the page counts as one."""

MEANINGLESS = 0.1
"""Share of characters without a meaning from which the layer's fonts have no usable mapping."""

_WITHOUT_MEANING = ("Cc", "Cn", "Co", "Cs")


class TextLayer(NamedTuple):
    """The layer's words, how many there are, and the share of characters without a meaning."""

    blocks: tuple[Block, ...]
    words: int
    meaningless: float


class Judgement(NamedTuple):
    """Whether the text layer stands for the page, and why."""

    trusted: bool
    reason: str


def read(source: str, poppler: str | None) -> TextLayer:
    """Read the text layer of a one-page PDF; raise PageUnreadable if it does not open."""
    command = [program(poppler, "pdftotext"), "-tsv", "-cropbox", source, "-"]
    table = programs.output(command, PageUnreadable)
    rows = list(tsv.rows(table))
    return TextLayer(tsv.blocks(rows), len(rows), _meaningless(tsv.raw_text(table)))


def judge(mode: Mode, layer: TextLayer, picture_share: float) -> Judgement:
    """Say whether ``layer`` can be trusted on a page with that share of it under pictures."""
    if mode is Mode.OCR:
        return Judgement(False, "recognition was asked for")
    if mode is Mode.NATIVE:
        return Judgement(True, "the text layer was asked for")
    if not layer.words:
        return Judgement(False, "no text layer")
    if layer.meaningless > MEANINGLESS:
        return Judgement(False, "the text layer's glyphs have no meaning")
    if picture_share >= PICTURE and layer.words < ENOUGH_WORDS:
        return Judgement(False, "too few words in the text layer for a page that is a picture")
    return Judgement(True, "text layer")


def _meaningless(text: str) -> float:
    bad = sum(c == "\ufffd" or unicodedata.category(c) in _WITHOUT_MEANING for c in text)
    return bad / len(text) if text else 0.0
