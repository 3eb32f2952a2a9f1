"""Which pages somebody should look at: those that were read badly, as far as that can be known.

A recogniser is surer of some words than of others, and right about it: ``python -m bench.review``
compares its confidence with the truth. The share of doubtful words tells bad pages from good ones
better than the mean, in which many sure words hide a bad table.
"""

from __future__ import annotations

from fanfold.model import Page

DOUBTFUL = 75.0
"""Confidence below which a word is doubtful: of those at 60 to 75, a quarter is wrong."""

TOO_MANY = 0.1
"""Share of doubtful words from which a page is worth a look: one word in ten."""


def why(page: Page, *, inked: bool) -> str:
    """Say why somebody should look at a page; empty where nothing speaks for it.

    ``inked`` says that there is something on the page.
    """
    words = page.words
    if not words:
        return "no words were found in what is on the page" if inked else ""
    doubtful = sum(word.confidence < DOUBTFUL for word in words)
    if doubtful < TOO_MANY * len(words):
        return ""
    return f"{doubtful} of {len(words)} words are doubtful"
