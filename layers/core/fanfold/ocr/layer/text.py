"""The text that a page brings along, and whether to believe it.

``pdftotext -tsv -cropbox`` gives boxes relative to the crop box and turned as displayed (only the
size it gives for the page itself is not turned). Text outside the crop box is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fanfold.bidi import read_order
from fanfold.errors import PageUnreadable, RenderFailed
from fanfold.geometry import Turn
from fanfold.model import Block, Mode, Word
from fanfold.ocr.isolation import programs
from fanfold.ocr.layer import combs, doubles, glyphs, ligatures, likeness, sideways, spacing
from fanfold.ocr.recognise import tsv
from fanfold.ocr.words import Row, blocks_of, moved

PAGE_OF_PICTURES = 0.6
"""Share of the page under pictures from which the page counts as one."""

MEANINGLESS = 0.1
"""Share of characters without a meaning from which the layer's fonts have no usable mapping."""

SIGNS_SHARE = 0.3
"""Share of words made of signs from which the fonts' mapping is wrong: where a glyph's number
stands for its letter, “Phone” comes out as “"7+%-”. Contracts and invoices have 0.01."""

FEWEST_VOWELS = 0.22
"""Share of vowels among Latin letters below which the same is true: “KDSSHQV” for “happens” has
0.15 over a page, every language 0.35 and more."""

LOWEST = 2.0
"""Points: lower words are hidden, not printed; footnotes have 6."""

MOST_ODD_CAPITALS = 0.12
"""Share of words with capitals behind small letters from which the mapping is doubtful."""

SINGLE_LETTERS = 0.5
"""Share of words that are single letters from which a scan's layer is not taken."""

DOUBLED = 0.2
"""Share of words that lie on others from which a scan's layer is two."""

TINY = 0.5
"""Share of words that low from which the layer is not what the page shows."""

_SIDES = (90, 270)
_WORD_LENGTH = 4
"""Characters from which a word tells."""
_LETTERS_TO_JUDGE = 50
"""Letters from which their vowels tell."""
_LATIN = re.compile("[a-z]")
_VOWEL = re.compile("[aeiouy]")

_NO_PAGE = "\t0.000000\t0.000000\t-1\t###PAGE###"
"""How the row of a page ends that has no size because poppler could make nothing of it."""

_ODD_CAPITAL = re.compile(r"[a-z][A-Z]+[a-z]|^[a-z]+[A-Z]+$")
"""In words of one case; names such as McAdam and iPhone have one, too, but few words are such."""


class TextLayer(NamedTuple):
    """What the page brings along.

    ``words`` is how many there are, ``turn`` how the page had to be turned for its lines to run
    across, which is how ``blocks`` see it. Shares: ``meaningless`` of characters without a
    meaning, ``signs`` of words made of signs, ``vowels`` of vowels among Latin letters, ``tiny``
    of words too small for anybody to read, ``odd`` of words with capitals in their middle,
    ``single`` of words that are one letter in the file, ``doubled`` of words that lie on others.
    ``unknown`` counts words with glyphs of which nobody knows the letters; ``likeness`` is the
    share of pairs of letters that languages have.
    """

    blocks: tuple[Block, ...] = ()
    words: int = 0
    turn: Turn | None = None
    meaningless: float = 0.0
    signs: float = 0.0
    vowels: float = 1.0
    tiny: float = 0.0
    odd: float = 0.0
    single: float = 0.0
    doubled: float = 0.0
    unknown: int = 0
    likeness: float = 1.0

    @property
    def turned(self) -> int:
        """Degrees clockwise by which the page had to be turned for its lines to run across."""
        return round(self.turn.angle) if self.turn else 0

    def displayed(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Return blocks of the layer at their place on the page as displayed."""
        undo = self.turn.undo if self.turn else None
        return tuple(moved(block, undo) if undo else block for block in blocks)

    @property
    def text(self) -> str:
        """Its lines, each with a newline at its end but for the last."""
        return "\n".join(line.text for block in self.blocks for line in block.lines)

    @property
    def legible(self) -> bool:
        """Whether its fonts say which letters their glyphs are."""
        return (
            self.meaningless <= MEANINGLESS
            and self.signs <= SIGNS_SHARE
            and self.vowels >= FEWEST_VOWELS
        )


class Judgement(NamedTuple):
    """Whether the text layer stands for the page, and why; or for a part of it only."""

    trusted: bool
    reason: str
    partly: bool = False


def read(source: str, poppler: str | None, width: float, height: float) -> TextLayer:
    """Read the text layer of a one-page PDF of ``width`` × ``height`` points as displayed.

    Raises PageUnreadable if it does not open, RenderFailed if poppler sees no page there.
    """
    table = _table(source, poppler)
    if table.partition("\n")[2].partition("\n")[0].endswith(_NO_PAGE):
        raise RenderFailed
    if (copy := ligatures.backwards(source, table)) is not None:
        source, table = copy, _table(copy, poppler)
    rows = list(tsv.rows(table, glyphs.clean))
    angle = sideways.angle(rows)
    if not angle:
        return weigh(combs.joined(source, rows), tsv.raw_text(table))
    turn = Turn(angle, (width, height), (height, width) if angle in _SIDES else (width, height))
    copy = sideways.turned(source, angle)
    table = _table(copy, poppler)
    rows = combs.joined(copy, list(tsv.rows(table, glyphs.clean)))
    return weigh(rows, tsv.raw_text(table), turn)


def weigh(rows: Sequence[Row], raw: str, turn: Turn | None = None) -> TextLayer:
    """Weigh the words of a page, turned by ``turn`` if at all, and all its characters ``raw``."""
    if not rows:
        return TextLayer()
    overlaid = doubles.overlaid(rows)
    words = tuple(spacing.joined(doubles.once(rows) if overlaid else rows))
    if len(words) < len(rows):
        words = doubles.once(words)
    texts = [row.word.text for row in words]
    return TextLayer(
        blocks_of(words, _as_read),
        len(words),
        turn,
        glyphs.meaningless(raw) / max(1, len(raw)),
        _signs(texts),
        _vowels("".join(texts)),
        sum(row.word.box.height < LOWEST for row in words) / len(words),
        _odd(texts),
        spacing.single(rows),
        doubles.share(rows) if overlaid else 0.0,
        sum(glyphs.unknown(row.word) for row in words),
        likeness.of(" ".join(texts)),
    )


def _as_read(words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(glyphs.spelled(read_order(words)))


def judge(mode: Mode, layer: TextLayer) -> Judgement:
    """Say whether ``layer`` can be trusted as far as it tells by itself."""
    if mode is Mode.OCR:
        return Judgement(False, "recognition was asked for")
    if mode is Mode.NATIVE:
        return Judgement(True, "the text layer was asked for")
    if not layer.words:
        return Judgement(False, "no text layer")
    if not layer.legible:
        return Judgement(False, "the text layer's glyphs have no meaning")
    if layer.tiny > TINY:
        return Judgement(False, "the text layer's words are too small to be on the page")
    return Judgement(True, "text layer")


def _table(source: str, poppler: str | None) -> str:
    command = [programs.poppler(poppler, "pdftotext"), "-tsv", "-cropbox", source, "-"]
    return programs.run(command).value(PageUnreadable)


def _signs(words: Sequence[str]) -> float:
    told = [
        word for word in words if len(word) >= _WORD_LENGTH and len(set(word)) > _WORD_LENGTH // 2
    ]
    odd = [w for w in told if 2 * sum(unicodedata.category(c)[0] in "LMN" for c in w) < len(w)]
    return len(odd) / len(told) if told else 0.0


def _odd(words: Sequence[str]) -> float:
    told = [word for word in words if len(word) >= _WORD_LENGTH and word.isalpha()]
    return sum(_ODD_CAPITAL.search(w) is not None for w in told) / len(told) if told else 0.0


def _vowels(text: str) -> float:
    letters = _LATIN.findall(unicodedata.normalize("NFKD", text.lower()))
    if len(letters) < _LETTERS_TO_JUDGE:
        return 1.0
    return len(_VOWEL.findall("".join(letters))) / len(letters)
