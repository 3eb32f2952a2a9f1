"""Headings and lists, as far as sizes, places and first signs honestly tell.

What a paragraph is was settled before (``paragraphs``). A heading is short and set larger than
the page's text, or stands alone in the middle above it; weight and colour are unknown here, so
headings that only those tell apart stay paragraphs. A list item begins with a bullet, or with a
number or letter that another item counts on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fanfold import lists
from fanfold.lists import Marker, Sign
from fanfold.model import Block, BlockKind
from fanfold.ocr.structure import paragraphs, type_size

_HEADING_SIZES = (1.7, 1.35, 1.15)
"""Minimum sizes of headings of level 1, 2 and 3, as multiples of the text's."""

_SIZES_TIGHT = (1.8, 1.45, 1.25)
"""The same where sizes are measured on ink, which is good to a tenth."""

_HEADING_LENGTH = 160
"""Maximum of characters in a heading."""

_HEADING_LINES = 3
"""Maximum of lines in a heading."""

_HEADING_LETTERS = 3
"""Minimum of letters in a heading, and of those that a longer word has more than."""

_HEADING_CONFIDENCE = 60.0
"""Minimum mean confidence of a heading's lines; poorer ones may be anything."""

_OFF_CENTRE = 0.03
"""Maximum share of the text's width by which a centred line misses the middle."""

_HEADING_WIDTH = 0.7
"""Maximum share of the text's width that a heading as small as the text fills."""

_CAPITALISED = 0.6
"""Minimum share of capitalised words among the longer ones of a centred heading."""

_SECTION = re.compile(r"\d{1,2}(\.\d{1,2}){1,3}\.?\s+\S")
_ITEM_BLOCKS = 6
"""Maximum of blocks from one item of a list to the next: an item may have paragraphs of its own."""


def arrange(blocks: Sequence[Block], *, tight: bool) -> tuple[Block, ...]:
    """Return the blocks of a page as paragraphs, headings and list items.

    ``tight`` says that boxes hug the ink. Lines must run across the page.
    """
    whole = paragraphs.arrange(blocks, tight=tight)
    if not whole:
        return ()
    return tuple(_nested(_headed(_listed(whole), tight=tight)))


def _listed(blocks: Sequence[Block]) -> list[Block]:
    markers = [None if block.table else lists.marker(block.lines[0].text) for block in blocks]
    items = {n for n, found in enumerate(markers) if found and found.sign is Sign.BULLET}
    for n, found in enumerate(markers):
        for further in range(n + 1, min(n + 1 + _ITEM_BLOCKS, len(blocks))) if found else ():
            if _counts_on(found, markers[further]) and _aligned(blocks[n], blocks[further]):
                items |= {n, further}
                break
    return [
        replace(block, kind=BlockKind.LIST_ITEM, level=1) if n in items else block
        for n, block in enumerate(blocks)
    ]


def _counts_on(one: Marker | None, other: Marker | None) -> bool:
    if one is None or other is None or (one.sign, one.ends) != (other.sign, other.ends):
        return False
    return other.place == (0 if one.sign in (Sign.BULLET, Sign.DASH) else one.place + 1)


def _aligned(one: Block, other: Block) -> bool:
    height = one.lines[0].box.height
    return abs(one.lines[0].box.x0 - other.lines[0].box.x0) < 2 * height


def _headed(blocks: Sequence[Block], *, tight: bool) -> Iterator[Block]:
    text = type_size.body(blocks, tight=tight)
    middle = _middle(blocks)
    for n, block in enumerate(blocks):
        level = 0
        if block.kind is BlockKind.PARAGRAPH and _could_head(block) and _free(blocks, n):
            level = _level(block, text, tight=tight) or _small_level(blocks, n, middle)
        yield replace(block, kind=BlockKind.HEADING, level=level) if level else block


def _could_head(block: Block) -> bool:
    text = " ".join(line.text for line in block.lines)
    letters = sum(map(str.isalpha, text))
    short = len(block.lines) <= _HEADING_LINES and len(text) <= _HEADING_LENGTH
    wordy = letters >= _HEADING_LETTERS and 2 * letters >= len(text.replace(" ", ""))
    sure = all(line.confidence >= _HEADING_CONFIDENCE for line in block.lines)
    return not block.table and short and wordy and sure and not text.endswith((",", ";"))


def _free(blocks: Sequence[Block], number: int) -> bool:
    """Whether something follows a block and its box does not reach into the one above.

    Boxes that do come of a recogniser that lost a line; how high they are means nothing.
    """
    box, above = blocks[number].box, blocks[max(0, number - 1)].box
    apart = box.y0 >= above.y1 or box.x0 >= above.x1 or box.x1 <= above.x0 or box.y1 <= above.y0
    return number + 1 < len(blocks) and (apart or number == 0)


def _level(block: Block, text: float, *, tight: bool) -> int:
    """Return a heading's level by its size; 0 where it is not set larger than the text."""
    size = min(type_size.em(line, tight=tight) for line in block.lines)
    steps = _SIZES_TIGHT if tight else _HEADING_SIZES
    return next((n for n, step in enumerate(steps, 1) if size >= step * text), 0)


def _small_level(blocks: Sequence[Block], number: int, middle: tuple[float, float]) -> int:
    """Return the level of a heading as small as the text: a section's number, or centred."""
    block, after = blocks[number], blocks[number + 1 : number + 2]
    line = block.lines[0]
    heads = len(block.lines) == 1 and after and len(after[0].lines) > 1
    if not heads or line.text.endswith("."):
        return 0
    centre, width = middle
    if line.box.width > _HEADING_WIDTH * width:
        return 0
    if section := _SECTION.match(line.text):
        return min(3, 1 + section[0].count("."))
    centred = abs(line.box.middle_x - centre) < _OFF_CENTRE * width
    above = after[0].box.x0 < line.box.x0 and line.box.x1 < after[0].box.x1
    return 3 if centred and above and _capitalised(line.text) else 0


def _capitalised(text: str) -> bool:
    words = [word for word in text.split() if len(word) > _HEADING_LETTERS and word[0].isalpha()]
    return sum(w[0].isupper() for w in words) > _CAPITALISED * len(words)


def _middle(blocks: Sequence[Block]) -> tuple[float, float]:
    """Return the middle of the text from left to right, and its width."""
    left, right = min(b.box.x0 for b in blocks), max(b.box.x1 for b in blocks)
    return (left + right) / 2, right - left


def _nested(blocks: Iterator[Block]) -> Iterator[Block]:
    """Give list items that follow each other a depth by how far in they begin."""
    edges: list[float] = []
    for block in blocks:
        if block.kind is not BlockKind.LIST_ITEM:
            edges = []
            yield block
            continue
        left = block.lines[0].box.x0
        step = block.lines[0].box.height
        edges = [edge for edge in edges if edge < left - step / 2]
        edges.append(left)
        yield replace(block, level=len(edges))
