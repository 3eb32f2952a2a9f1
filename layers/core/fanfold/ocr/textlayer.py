"""The text that a page brings along, and whether to believe it.

``pdftotext -tsv -cropbox`` gives boxes relative to the crop box and turned as displayed (only the
size it gives for the page itself is not turned). Text outside the crop box is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from fanfold.errors import PageUnreadable
from fanfold.model import Block, Mode
from fanfold.ocr import programs, tsv
from fanfold.ocr.bidi import read_order
from fanfold.ocr.engine import program

PICTURE = 0.6
"""Share of the page under pictures from which the page counts as one."""

ENOUGH_WORDS = 40
"""Words that a layer must have to stand for a page that is a picture: stamps have up to 25."""

ENOUGH_SPAN = 0.5
"""Share of the page's height that such a layer must span. Layers that somebody recognised span
0.8 to 0.96, blocks of metadata hidden behind the picture 0.3."""

MEANINGLESS = 0.1
"""Share of characters without a meaning from which the layer's fonts have no usable mapping."""

SIGNS = 0.3
"""Share of words made of signs from which the fonts' mapping is wrong: where a glyph's number
stands for its letter, “Phone” comes out as “"7+%-”. Contracts and invoices have 0.01."""

VOWELS = 0.22
"""Share of vowels among Latin letters below which the same is true: “KDSSHQV” for “happens” has
0.15 over a page, every language 0.35 and more."""

_WORD = 4
"""Characters from which a word tells."""
_LETTERS = 50
"""Letters from which their vowels tell."""
_LATIN = re.compile("[a-z]")
_VOWEL = re.compile("[aeiouy]")

_WITHOUT_MEANING = ("Cc", "Cn", "Co", "Cs")


class TextLayer(NamedTuple):
    """What the page brings along.

    ``words`` is how many there are, ``span`` the share of the page's height between the first
    and the last of them, ``meaningless`` the share of characters without a meaning, ``signs``
    the share of words made of signs, ``vowels`` that of vowels among Latin letters.
    """

    blocks: tuple[Block, ...] = ()
    words: int = 0
    span: float = 0.0
    meaningless: float = 0.0
    signs: float = 0.0
    vowels: float = 1.0

    @property
    def rich(self) -> bool:
        """Whether it can stand for a page that is nothing but a picture otherwise."""
        return self.words >= ENOUGH_WORDS and self.span >= ENOUGH_SPAN

    @property
    def legible(self) -> bool:
        """Whether its fonts say which letters their glyphs are."""
        return self.meaningless <= MEANINGLESS and self.signs <= SIGNS and self.vowels >= VOWELS


class Judgement(NamedTuple):
    """Whether the text layer stands for the page, and why."""

    trusted: bool
    reason: str


def read(source: str, poppler: str | None, height: float) -> TextLayer:
    """Read the text layer of a one-page PDF, ``height`` points high as displayed.

    Raises PageUnreadable if it does not open.
    """
    command = [program(poppler, "pdftotext"), "-tsv", "-cropbox", source, "-"]
    return weigh(programs.output(command, PageUnreadable), height)


def weigh(table: str, height: float) -> TextLayer:
    """Read the table that pdftotext printed for a page ``height`` points high."""
    rows = list(tsv.rows(table))
    if not rows:
        return TextLayer()
    box = tsv.around(row.word.box for row in rows)
    return TextLayer(
        tsv.blocks(rows, read_order),
        len(rows),
        (box.y1 - box.y0) / height,
        _meaningless(tsv.raw_text(table)),
        _signs([row.word.text for row in rows]),
        _vowels("".join(row.word.text for row in rows)),
    )


def judge(mode: Mode, layer: TextLayer, picture_share: float) -> Judgement:
    """Say whether ``layer`` can be trusted on a page with that share of it under pictures."""
    if mode is Mode.OCR:
        return Judgement(False, "recognition was asked for")
    if mode is Mode.NATIVE:
        return Judgement(True, "the text layer was asked for")
    if not layer.words:
        return Judgement(False, "no text layer")
    if not layer.legible:
        return Judgement(False, "the text layer's glyphs have no meaning")
    if picture_share >= PICTURE and not layer.rich:
        return Judgement(False, "the page is a picture and its text layer covers little of it")
    return Judgement(True, "text layer")


def _meaningless(text: str) -> float:
    bad = sum(c == "\ufffd" or unicodedata.category(c) in _WITHOUT_MEANING for c in text)
    return bad / len(text) if text else 0.0


def _signs(words: Sequence[str]) -> float:
    told = [word for word in words if len(word) >= _WORD and len(set(word)) > _WORD // 2]
    odd = [w for w in told if 2 * sum(unicodedata.category(c)[0] in "LMN" for c in w) < len(w)]
    return len(odd) / len(told) if told else 0.0


def _vowels(text: str) -> float:
    letters = _LATIN.findall(unicodedata.normalize("NFKD", text.lower()))
    if len(letters) < _LETTERS:
        return 1.0
    return len(_VOWEL.findall("".join(letters))) / len(letters)
