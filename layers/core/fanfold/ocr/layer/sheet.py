"""What the objects of a page tell before anything of it is drawn. In the child.

poppler's programs take 10 to 15 ms each to start; opening a page that was cut for us takes one.
"""

from __future__ import annotations

from typing import NamedTuple

import pikepdf
from pikepdf import Object, Pdf

from fanfold import page_boxes
from fanfold.errors import PageUnreadable, RenderFailed
from fanfold.ocr.document import condition
from fanfold.ocr.document.probe import DAMAGED
from fanfold.ocr.layer import packed_size, page_objects, placed_images, proof, tables
from fanfold.ocr.layer.packed_size import Packed
from fanfold.ocr.layer.placed_images import Picture
from fanfold.ocr.layer.proof import Shown
from fanfold.ocr.picture.drawing import Sheet


class Paper(NamedTuple):
    """A page unseen: its size, and whether there can be pictures, letters and ruled tables on it.

    ``coloured`` says that it may show any but greys, ``drawn`` that it may show letters which are
    no text, ``shown`` which text is seen where the instructions prove it,
    ``contradicted`` that fonts tell two letters for one glyph.
    ``placed`` holds its pictures where its objects tell them, which they do of most scans.
    ``damage`` has the codes of what is known to be broken, ``elsewhere`` says where the document's
    content is if not here, ``packed`` how long its only picture's data is, if that tells
    what it can show.
    """

    sheet: Sheet
    pictured: bool
    lettered: bool
    ruled: bool
    placed: tuple[Picture, ...] | None
    damage: frozenset[str] = frozenset()
    elsewhere: str = ""
    coloured: bool = True
    drawn: bool = False
    shown: Shown | None = None
    packed: Packed | None = None
    contradicted: bool = False


def look(source: str) -> Paper:
    """Look at the objects of a one-page PDF.

    Raises PageUnreadable if it does not open and RenderFailed if nothing of the page is displayed.
    """
    try:
        with pikepdf.open(source) as pdf:
            return _paper(pdf)
    except (OSError, pikepdf.PikepdfError, *DAMAGED) as error:
        raise PageUnreadable from error


def _paper(pdf: Pdf) -> Paper:
    page = pdf.pages[0].obj
    pictured, lettered = page_objects.pictured(pdf), page_objects.lettered(pdf)
    told = (
        pictured
        and not lettered
        and page_objects.length(page) <= placed_images.INSTRUCTIONS_READ_HERE
    )
    said = page_objects.instructions(pdf) if lettered else page_objects.NO_INSTRUCTIONS
    placed = placed_images.pictures(page) if told else None
    return Paper(
        _sheet(page),
        pictured,
        lettered,
        page_objects.ruled(said),
        placed,
        frozenset(condition.seen(pdf)),
        condition.elsewhere(page),
        coloured=placed is None or page_objects.coloured(pdf),
        drawn=lettered and page_objects.drawn(pdf, said),
        shown=proof.look(page, said.page) if said.whole else None,
        packed=packed_size.look(pdf) if pictured else None,
        contradicted=lettered and tables.contradicted(pdf),
    )


def _sheet(page: Object) -> Sheet:
    shown = page_boxes.displayed(page)
    if not shown.has_area:
        raise RenderFailed("The page has no area that could be drawn.")
    return Sheet(*shown.sides, shown.rotation)
