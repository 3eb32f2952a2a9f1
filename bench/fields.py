"""Whether the fields that a corpus names of a document are in its text.

A field is found ``as spelled`` if its words follow each other in the text, in any case, with or
without accents (a register leaves them out) and with any signs between them; ``its words`` are
found if all of them are there, in any order: a form asks for the first name first, a register
lists the last one first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz

ON_THE_PAGE = ("REGISTRATION NUMBER", "REGISTRANT NAME", "SHORT FORM NAME")
"""Fields that are printed on the page as they are; dates and states are the register's own."""

SPELLED = "found as spelled"
_WORD = re.compile(r"\w+")


def printed(fields: Mapping[str, str]) -> dict[str, str]:
    """Return those fields of a document that are ON_THE_PAGE."""
    return {name: fields[name] for name in ON_THE_PAGE if name in fields}


def tell(fields: Mapping[str, str], text: str, layer_text: str) -> Iterator[str]:
    """Yield a line for each field: what became of it in a text, and in what is kept beside it."""
    for name, value in fields.items():
        kept = found(value, layer_text) == SPELLED
        said = "; as spelled in layer_text" if kept else ""
        yield f"{name} {value!r}: {found(value, text)}{said}"


def found(value: str, text: str) -> str:
    """Say how a field's value was found in a text, or how close the text comes to it."""
    wanted, had = _words(value), _words(text)
    if f" {' '.join(wanted)} " in f" {' '.join(had)} ":
        return SPELLED
    if set(wanted) <= set(had):
        return "its words found"
    score = fuzz.partial_ratio_alignment(" ".join(wanted), " ".join(had))
    if score is None:
        return "not found"
    closest = " ".join(had)[score.dest_start : score.dest_end]
    return f"not found, closest at {score.score:.0f} %: {closest!r}"


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in letters if not unicodedata.combining(c)))
