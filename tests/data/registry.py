"""What a sample is, and the list of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One file and the truth about it.

    ``pages`` holds the text of each page (paragraphs apart by an empty line, "" for a blank
    page), ``failed`` the numbers of pages that cannot be read, with their code. ``error`` is the
    code a document ends with that cannot be read at all; it then has no pages.
    """

    name: str
    note: str
    make: Callable[[], bytes]
    pages: tuple[str, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()
    error: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All words in reading order."""
        return tuple(word for text in self.pages for word in text.split())


SAMPLES: dict[str, Sample] = {}


def sample(name: str, note: str, *pages: str, **truth: object) -> Callable:
    """Register the function below as the maker of ``name``."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        SAMPLES[name] = Sample(name, note, make, pages, **truth)
        return make

    return register
