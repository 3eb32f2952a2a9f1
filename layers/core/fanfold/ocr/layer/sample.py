"""A text layer checked by a sample: a few of its lines are recognised and compared.

An invisible layer over a scan is somebody else's recognition, and a font's table can give wrong
letters for its glyphs: neither is seen by looking at the words alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import NamedTuple

from PIL import Image

from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.layer import likeness
from fanfold.ocr.layer.text import MOST_ODD_CAPITALS, PAGE_OF_PICTURES, Judgement, TextLayer

READ_ALIKE = 0.75
"""Share of a sample's words that the recogniser must read alike; of layers that came out of a good
recogniser it reads 0.9 alike."""

UNSURE = 70.0
"""Mean confidence of the recogniser below which it is no witness against a layer."""

SAMPLE_WORDS = 30
"""Words of a sample, or some more: parts are taken from edge to edge."""

_TELLING_WORDS = 4
"""Words with which a sample begins to tell."""

_STRIPS = 2
"""Parts of the page that a sample is made of."""

_SURELY = 90.0
"""Minimum confidence of a word that the recogniser is sure of."""

LETTERS_MISSING = 0.12
"""Share of such words that an invisible layer must lack to be one with holes: the words that it has
are seldom where they belong, then, and hide others."""

_HEIGHTS_AROUND = 0.7
"""Heights of a word that are taken above and below."""

_SHORTEST = 3
"""Letters and figures of a word that tells: shorter ones come out of anything."""

_SPACE_BETWEEN_STRIPS = 12
"""Pixels left around the parts, and between two of them."""

_PAPER_LEVEL = 255


class Strip(NamedTuple):
    """A part of a page from edge to edge, and the words that lie well within it."""

    box: Box
    words: Sequence[Word]


class Found(NamedTuple):
    """What a sample showed: how many ``words`` told, and which share was read ``alike``.

    ``sure`` is the recogniser's mean confidence in what it read instead, ``missing`` the share of
    what it read surely that the layer does not have.
    """

    words: int
    alike: float
    sure: float
    missing: float = 0.0

    @property
    def tells(self) -> bool:
        """Whether it proves anything."""
        return self.words >= _TELLING_WORDS

    @property
    def holds(self) -> bool:
        """Whether what was compared is what the page shows, or nobody could read that."""
        return self.alike >= READ_ALIKE or self.sure < UNSURE


def wanted(layer: TextLayer, picture_share: float) -> bool:
    """Whether a layer is to be checked: those over scans, and those with unlikely letters."""
    if not layer.words or layer.turn:
        return False
    return picture_share >= PAGE_OF_PICTURES or doubtful(layer)


def doubtful(layer: TextLayer) -> bool:
    """Whether the letters of a layer may be wrong ones."""
    return layer.odd >= MOST_ODD_CAPITALS or layer.likeness < likeness.UNLIKE


def strips(words: Iterable[Word], width: float) -> tuple[Strip, ...]:
    """Choose strips across a page of ``width`` that hold some of its words, apart from each other.

    A layer's boxes need not be where its words are: the strips are taken from edge to edge.
    """
    told = sorted((word for word in words if any(_told([word]))), key=lambda word: word.box.y0)
    each = max(1, SAMPLE_WORDS // _STRIPS)
    starts = range(0, len(told), max(each, -(-len(told) // _STRIPS)))
    return tuple(_strip(told[start : start + each], told, width) for start in starts)[:_STRIPS]


def _strip(some: Sequence[Word], told: Sequence[Word], width: float) -> Strip:
    place = Box.around(word.box for word in some)
    height = median(word.box.height for word in some)
    within = [w for w in told if place.y0 <= w.box.y0 and w.box.y1 <= place.y1]
    return Strip(
        Box(0, place.y0 - _HEIGHTS_AROUND * height, width, place.y1 + _HEIGHTS_AROUND * height),
        within,
    )


def picture(page: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """Return parts of a grey page, one below the other; boxes are in its pixels."""
    parts = [
        page.crop((0, max(0, int(box.y0)), page.width, min(page.height, int(box.y1) + 1)))
        for box in boxes
    ]
    width = max(part.width for part in parts) + 2 * _SPACE_BETWEEN_STRIPS
    height = sum(part.height + _SPACE_BETWEEN_STRIPS for part in parts) + _SPACE_BETWEEN_STRIPS
    sheet, top = Image.new("L", (width, height), _PAPER_LEVEL), _SPACE_BETWEEN_STRIPS
    for part in parts:
        sheet.paste(part, (_SPACE_BETWEEN_STRIPS, top))
        top += part.height + _SPACE_BETWEEN_STRIPS
    return sheet


def compare(sample: Iterable[Word], seen: Sequence[Word]) -> Found:
    """Compare the words of a sample with those ``seen`` there."""
    told = list(_told(sample))
    there = Counter(_told(seen))
    alike = sum((Counter(told) & there).values())
    sure = sum(word.confidence for word in seen) / max(1, len(seen))
    surely = Counter(_told(word for word in seen if word.confidence >= _SURELY))
    missing = sum((surely - Counter(told)).values()) / max(1, sum(surely.values()))
    return Found(len(told), alike / max(1, len(told)), sure, missing)


def judge(found: Found) -> Judgement:
    """Say whether a layer can be taken, by what its sample showed."""
    if not found.tells:
        return Judgement(True, "text layer")
    share = f"{found.alike:.0%} of a sample of the text layer were recognised alike"
    return Judgement(found.holds, share)


def marked(blocks: Iterable[Block], found: Found) -> tuple[Block, ...]:
    """Return a layer's blocks with no more confidence than its sample showed."""
    most = 100 * found.alike if found.tells else 100.0
    return tuple(
        replace(block, lines=tuple(_marked(line, most) for line in block.lines)) for block in blocks
    )


def _marked(line: Line, most: float) -> Line:
    words = (replace(word, confidence=min(word.confidence, most)) for word in line.words)
    return replace(line, words=tuple(words))


def _told(words: Iterable[Word]) -> Iterator[str]:
    """Yield what tells of words: those of some length in Latin letters and figures."""
    for word in words:
        text = "".join(c for c in likeness.folded(word.text) if c.isalnum())
        if len(text) >= _SHORTEST and text.isascii():
            yield text
