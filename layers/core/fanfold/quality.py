"""How well a document was read, from what the marks of its pages say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from fanfold.model import Document, DoneMark, Source


class Quality(NamedTuple):
    """``confidence`` is the mean of the pages with words, None without any.

    ``review`` holds the pages that somebody should look at, in order, ``concerns`` how
    many of them for which reason; ``languages`` how many pages
    were found to be in which, the most frequent first (nothing where languages were given).
    """

    confidence: int | None
    review: tuple[int, ...]
    concerns: Mapping[str, int]
    languages: Mapping[str, int]


def signature(document: Document, done: Mapping[int, DoneMark]) -> dict[str, str]:
    """Return ``{"signature": …}`` of a signed document, nothing of others.

    ``kept`` where the searchable PDF is the original itself, ``lost`` where words were added to it:
    that copy carries no valid signature.
    """
    if not document.signed:
        return {}
    added = any(mark.source in (Source.OCR, Source.MIXED) for mark in done.values())
    return {"signature": "lost" if added else "kept"}


def active_content(document: Document) -> dict[str, list[str]]:
    """Return ``{"active_content": […]}`` of a document that has some, nothing of others."""
    return {"active_content": list(document.active_content)} if document.active_content else {}


def of(done: Mapping[int, DoneMark]) -> Quality:
    """Sum up the marks of the pages that were read."""
    told = [mark.confidence for mark in done.values() if mark.source is not Source.BLANK]
    confidence = round(sum(told) / len(told)) if told else None
    review = tuple(sorted(number for number, mark in done.items() if mark.review))
    found = Counter(done[n].languages for n in sorted(done) if done[n].languages)
    concerns = Counter(concern for n in review for concern in done[n].concerns)
    return Quality(confidence, review, dict(sorted(concerns.items())), dict(found.most_common()))
