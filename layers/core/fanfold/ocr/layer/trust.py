"""Whether a text layer explains what the page shows: its words' boxes against the page's ink.

Both are compared on a small drawing, in tiles of an eighth of an inch. Layers that were recognised
by somebody touch 0.71 to 1.00 of the tiles that look like text, those of contracts and filings
0.77 and more; a block of metadata behind a scan 0.15 to 0.17, a stamp laid over one 0.12.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image

from fanfold.model import Box
from fanfold.ocr.layer.text import PAGE_OF_PICTURES, Judgement, TextLayer
from fanfold.ocr.picture import ink

ENOUGH_WORDS = 40
"""Words from which a page without a picture all over it is taken for a page of text, unseen."""

EXPLAINED = 0.5
"""Share of the tiles that look like text that the layer's words must touch."""

SHOWN = 0.4
"""Share of the words that must lie on ink; letters of a light colour have 0.6."""

_FEW_TILES = 12
"""Tiles: a word or two, or a logo. They prove nothing."""

_TILE_INK = 0.12
"""Share of a word's box that is inked at least."""


class Evidence(NamedTuple):
    """``tiles`` look like text; words touch a share of ``explained``, ``shown`` lie on ink."""

    tiles: int
    explained: float
    shown: float


def doubted(layer: TextLayer, picture_share: float) -> bool:
    """Whether the page must be looked at to know; a drawing costs as much as all the rest."""
    return layer.words > 0 and (picture_share >= PAGE_OF_PICTURES or layer.words < ENOUGH_WORDS)


def weigh(shown: Image.Image, boxes: Iterable[Box]) -> Evidence:
    """Compare a small picture of ink with boxes in its pixels."""
    known = list(boxes)
    text = ink.tiles(shown, known)
    lying = sum(_on_ink(shown, box) for box in known)
    return Evidence(len(text), sum(text) / max(1, len(text)), lying / max(1, len(known)))


def judge(evidence: Evidence, picture_share: float) -> Judgement:
    """Say whether a legible layer stands for the page, given what the page shows."""
    picture = picture_share >= PAGE_OF_PICTURES
    if picture and evidence.shown < SHOWN:
        return Judgement(False, "the text layer's words are not where the page shows any")
    if evidence.tiles < _FEW_TILES or evidence.explained >= EXPLAINED:
        return Judgement(True, "text layer")
    share = f"the text layer covers {evidence.explained:.0%} of what the page shows"
    return Judgement(not picture, share, partly=not picture)


def _on_ink(shown: Image.Image, box: Box) -> bool:
    left, top = max(0, math.floor(box.x0)), max(0, math.floor(box.y0))
    right, bottom = min(shown.width, math.ceil(box.x1)), min(shown.height, math.ceil(box.y1))
    if left >= right or top >= bottom:
        return False
    word = shown.crop((left, top, right, bottom)).histogram()
    return sum(word[ink.FAINT_INK :]) >= _TILE_INK * sum(word)
