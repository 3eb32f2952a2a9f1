"""Which pages somebody should look at: those that were read badly, as far as that can be known.

A recogniser is surer of some words than of others, and right about it: ``python -m bench.review``
compares its confidence with the truth. The share of doubtful words tells bad pages from good ones
better than the mean, in which many sure words hide a bad table.
"""

from __future__ import annotations

from collections.abc import Iterator

from fanfold.model import Concern, Page
from fanfold.ocr.layer import glyphs

DOUBTFUL_WORD = 75.0
"""Confidence below which a word is doubtful: of those at 60 to 75, a quarter is wrong."""

TOO_MANY = 0.1
"""Share of doubtful words from which a page is worth a look: one word in ten."""


def why(
    page: Page, *, inked: bool, undrawn: int = 0, place: str = ""
) -> tuple[tuple[Concern, ...], str]:
    """Say why somebody should look at a page, as codes and as a sentence; empty if nothing does.

    ``inked`` says that there is something on the page, ``undrawn`` how many words of its text layer
    nobody could compare with what it shows, for their letters could not be drawn; ``place`` is a
    sentence about where the document's content is, if it is not on the page.
    """
    found = dict(_concerns(page, inked=inked))
    if undrawn:
        words = "1 word has" if undrawn == 1 else f"{undrawn} words have"
        found[Concern.UNDRAWN] = f"{words} letters that could not be drawn, so nobody checked them"
    if place:
        found[Concern.ELSEWHERE] = place
    return tuple(found), "; ".join(found.values())


def _concerns(page: Page, *, inked: bool) -> Iterator[tuple[Concern, str]]:
    words = page.words
    unread = len(page.unread) + sum(glyphs.unread(word) for word in words)
    if not words and inked:
        yield Concern.WORDLESS, "no words were found in what is on the page"
    doubtful = sum(word.confidence < DOUBTFUL_WORD for word in words)
    if words and doubtful >= TOO_MANY * len(words):
        yield Concern.DOUBTFUL, f"{doubtful} of {len(words)} words are doubtful"
    if unread:
        places = "1 place looks" if unread == 1 else f"{unread} places look"
        yield Concern.UNREAD, f"{places} like writing that could not be read"
