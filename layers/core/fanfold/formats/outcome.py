"""What became of a page: it was read, or it failed and keeps its place."""

from __future__ import annotations

from dataclasses import dataclass

from fanfold.model import Page, Reason


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that could not be read; ``number`` as in the document, counted from 1."""

    number: int
    reason: Reason


Outcome = Page | FailedPage
