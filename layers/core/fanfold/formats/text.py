r"""text.txt: what the document says, for people and for grep.

Lines end with a newline, paragraphs are an empty line apart, pages a form feed (as pdftotext
writes them): ``text.split("\f")[n]`` is the n-th of the pages that were read. A blank page is
empty; a failed one keeps its place with the line ``--- page 7 [failed: TIMEOUT] ---``.
"""

from __future__ import annotations

from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.model import Block

CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
"""C0, DEL and C1: a form feed within a word would shift all pages after it."""


def page(outcome: Outcome) -> str:
    """Return a page's text; not empty, it ends with a newline."""
    if isinstance(outcome, FailedPage):
        return f"--- page {outcome.number} [failed: {outcome.reason.code}] ---\n"
    return "\n".join(_paragraph(block) for block in outcome.blocks)


def _paragraph(block: Block) -> str:
    return "".join(line.text.translate(CONTROLS) + "\n" for line in block.lines)


TEXT = Series(page, between="\f")
