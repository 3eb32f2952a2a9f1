"""Pages that are partly text and partly pictures of text: figures, stamps, scanned inserts.

The text layer's words are painted over, and what is left is recognised: so nothing is there
twice, neither among the words nor in the searchable PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PIL import Image, ImageDraw

from fanfold.model import Block, Box
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recognition
from fanfold.ocr.words import Row

PICTURE = 0.02
"""Share of the page under pictures from which they may hold words; most logos have less."""

_SURE = 80.0
_LETTERS = 3
"""Pictures without text give a word here and there, but hardly ever a long one that is sure."""

_ENOUGH = 2
_PAPER = 255
_MARGIN = 1


def rest(drawing: Drawing, known: Iterable[Box], scale: float) -> Drawing | None:
    """Return a drawing without the words in the boxes ``known``; None if nothing is left.

    ``known`` is in points, ``scale`` in points per pixel.
    """
    path = drawing.path.with_name("rest.pgm")
    with Image.open(drawing.path, formats=["PPM"]) as image:
        image.load()
        pen = ImageDraw.Draw(image)
        for box in known:
            outer = box.scaled(1 / scale).grown(_MARGIN)
            pen.rectangle((outer.x0, outer.y0, outer.x1, outer.y1), fill=_PAPER)
        if ink.none(ink.measure(image, drawing.dpi)):
            return None
        image.save(path)
    return drawing._replace(path=path)


def words(found: Recognition) -> tuple[Row, ...]:
    """Return the rows that can be believed: none unless some long words are sure."""
    sure = [row for row in found.rows if row.word.confidence >= _SURE]
    long = [row for row in sure if sum(map(str.isalnum, row.word.text)) >= _LETTERS]
    return tuple(sure) if len(long) >= _ENOUGH else ()


def merge(native: Sequence[Block], seen: Iterable[Block]) -> tuple[Block, ...]:
    """Put each of the blocks ``seen`` behind the last native one that ends above it."""
    behind: dict[int, list[Block]] = {}
    for block in seen:
        behind.setdefault(_place(native, block), []).append(block)
    return tuple(_woven(native, behind))


def _woven(native: Sequence[Block], behind: dict[int, list[Block]]) -> Iterator[Block]:
    for place in range(len(native) + 1):
        if place:
            yield native[place - 1]
        yield from behind.get(place, ())


def _place(native: Sequence[Block], block: Block) -> int:
    middle = block.box.middle_y
    above = [
        number
        for number, one in enumerate(native, start=1)
        if one.box.y1 <= middle and one.box.across(block.box)
    ]
    return max(above, default=0)
