"""Write the invisible text layer of a page: a one-page PDF, to be laid under the page's picture.

A word's space follows it, which tells readers where words end. Each block is marked as what it is
(ISO 32000-1, 14.6 and 14.8.4), in reading order; whoever grafts the layer on to a tagged file puts
those marks into its structure.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String

from fanfold.formats.language_tags import tag
from fanfold.formats.searchable import glyphless
from fanfold.formats.searchable.glyphless import GLYPH_WIDTH
from fanfold.formats.searchable.layer_read import INSTEAD, LANGUAGE, ROLES
from fanfold.formats.searchable.slopes import straightened
from fanfold.formats.searchable.word_places import Put, body_height, placed
from fanfold.geometry import Turn
from fanfold.model import Block, BlockKind

_FONT_NAME = "/f-0-0"
"""What tesseract's layers call their font."""

_SIZES_IN_TURN = (1.0, 0.93, 0.865)
"""Sizes of the font in one block after the other, as shares of what they would be.

poppler takes for one text what differs by less than 0.05: a heading above two columns would have
it read across both. What it buys says decision 96.
"""


def write(
    path: Path,
    blocks: Iterable[Block],
    turn: Turn,
    scale: float,
    *,
    instead: bool = True,
    languages: str = "",
) -> None:
    """Write a layer for ``blocks`` in pixels of a picture that was turned by ``turn``.

    ``scale`` is points per pixel; the layer's page is as large as the page as displayed.
    ``instead`` says that the layer stands for all text of the page, as opposed to some more of it.
    ``languages`` as tesseract names them.
    """
    written = list(blocks)
    content = "\n".join(_content(written, turn, scale)).encode("ascii")
    sides = (round(side * scale, 3) for side in turn.before)
    with Pdf.new() as pdf:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *sides]),
            Contents=Stream(pdf, zlib.compress(content), Filter=Name.FlateDecode),
            Resources=Dictionary(Font=Dictionary({_FONT_NAME: glyphless.font(pdf)})),
        )
        page[INSTEAD] = instead
        page[ROLES] = Array([Name(f"/{_role(block)}") for block in written])
        if language := tag(languages):
            page[LANGUAGE] = String(language)
        pdf.pages.append(Page(pdf.make_indirect(page)))
        pdf.save(path, min_version="1.5", deterministic_id=True, compress_streams=False)


def _role(block: Block) -> str:
    """Return the standard type of a block's structure; tables have that of their lines."""
    if block.table or block.kind is BlockKind.PARAGRAPH:
        return "P"
    return "LBody" if block.kind is BlockKind.LIST_ITEM else f"H{block.level}"


def _content(blocks: Sequence[Block], turn: Turn, scale: float) -> Iterator[str]:
    yield "BT 3 Tr"
    lines = [[straightened(line, turn) for line in block.lines] for block in blocks]
    body = body_height(line for some in lines for line, _ in some)
    for number, (block, some) in enumerate(zip(blocks, lines, strict=True)):
        size = _SIZES_IN_TURN[number % len(_SIZES_IN_TURN)]
        yield f"/{_role(block)} <</MCID {number}>> BDC"
        for line, its_turn in some:
            for put in placed(line, its_turn, body):
                yield _shown(put, turn.before[1], scale, put.size * scale * size)
        yield "EMC"
    yield "ET"


def _shown(put: Put, height: float, scale: float, size: float) -> str:
    """Return what shows a word; ``height`` is that of the page in pixels."""
    codes = (put.text + " ").encode("utf-16-be", "replace").hex()
    stretch = 100 * put.length * scale / (len(codes) // 4 - 1) / (GLYPH_WIDTH * size)
    across, down = put.across
    edges = put.x * scale, (height - put.y) * scale
    return (
        f"{_FONT_NAME} {size:.2f} Tf {max(stretch, 1):.2f} Tz {across} {-down} "
        f"{down} {across} {edges[0]:.2f} {edges[1]:.2f} Tm <{codes}> Tj"
    )
