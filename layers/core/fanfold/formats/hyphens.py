"""Lines into running text: words that a line's end cut in two become one again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

_CUT = re.compile(r"[^\W\d_][-\u2010\u00ac\u2e17]$")
"""A letter and a hyphen, also as Fraktur and typewriters have it, at the end of a line."""

_COMPOUND = re.compile(r"\w+(?:-\w+)+")


def compounds(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of ``texts`` that have a hyphen within, in lower case."""
    return frozenset(word.lower() for text in texts for word in _COMPOUND.findall(text))


def joined(lines: Sequence[str], known: Collection[str] = ()) -> str:
    """Return ``lines`` as one line.

    A hyphen at a line's end goes where the next line begins with a small letter, unless the
    word with its hyphen is among ``known``, in lower case.
    """
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if not (text and line):
            text += line
        elif not (_CUT.search(text) and line[0].islower()):
            text += f" {line}"
        elif _word(text, line) in known:
            text += line
        else:
            text = text[:-1] + line
    return text


def _word(head: str, tail: str) -> str:
    """Return the word that stands across the end of ``head`` and the beginning of ``tail``."""
    first, second = re.findall(r"[\w-]+$", head[:-1]), re.findall(r"^[\w-]+", tail)
    return f"{first[0] if first else ''}-{second[0] if second else ''}".lower()
