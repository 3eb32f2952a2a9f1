"""What is broken in a file, by code, with a sentence for whoever has to look at it.

Codes are stable. Those of the document say that pages may be missing that nobody can name, so
that it never ends better than PARTIAL; all others belong to a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from fanfold.model import Damage, DoneMark

OBJECT_MISSING: Final = "OBJECT_MISSING"
PICTURE_DAMAGED: Final = "PICTURE_DAMAGED"
DATA_DAMAGED: Final = "DATA_DAMAGED"
REBUILT: Final = "REBUILT"
PAGES_MISSING: Final = "PAGES_MISSING"
PAGES_GUESSED: Final = "PAGES_GUESSED"

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OBJECT_MISSING: "Something that the page shows is no longer in the file.",
        PICTURE_DAMAGED: "A picture on the page is broken; what is left of it was read.",
        DATA_DAMAGED: "Data of the page is broken, its text or a font say; what is left was read.",
        REBUILT: "The file could not be opened as it is; the page was rebuilt by another program.",
        PAGES_MISSING: "The file's list of pages names pages that are not in the file.",
        PAGES_GUESSED: "The file's list of pages is gone; these are the pages that were found.",
    }
)

OF_DOCUMENTS: Final = (PAGES_MISSING, PAGES_GUESSED)


def of(codes: Iterable[str]) -> tuple[Damage, ...]:
    """Return what ``codes`` say, each once; codes that nobody here knows are left out."""
    found = set(codes)
    return tuple(Damage(code, said) for code, said in SENTENCES.items() if code in found)


def counts(document: Mapping[str, int], done: Mapping[int, DoneMark]) -> dict[str, int]:
    """Return how many pages have which damage; the document's own codes count once.

    ``document`` holds what is known of the document, ``done`` the marks of its read pages.
    """
    pages = Counter(code for mark in done.values() for code in mark.damage)
    own = {code: 1 for code in document if code in OF_DOCUMENTS}
    return {code: n for code in SENTENCES if (n := own.get(code, 0) or pages[code])}
