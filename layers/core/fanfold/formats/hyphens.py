"""Join lines to running text; a word that the end of a line cut in two becomes one again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

_CUT_WORD = re.compile(r"[^\W\d_][-\u2010\u00ac\u2e17]$")
"""A letter and a hyphen, also as Fraktur and typewriters have it, at the end of a line."""

_COMPOUND = re.compile(r"\w+(?:-\w+)+")


def compounds(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of ``texts`` that have a hyphen within, in lower case."""
    return frozenset(word.lower() for text in texts for word in _COMPOUND.findall(text))


def joined(lines: Sequence[str], known: Collection[str] = ()) -> str:
    """Return ``lines`` as one line.

    A hyphen at the end of a line is dropped where the next line begins with a small letter, unless
    the word with its hyphen is among ``known``, in lower case.
    """
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if not (text and line):
            text += line
            continue
        head = continued(text, line, known)
        text = f"{text} {line}" if head is None else head + line
    return text


def continued(head: str, tail: str, known: Collection[str]) -> str | None:
    """Return ``head`` as it is to be joined to ``tail``; None if no word was cut between them.

    Without its hyphen, unless that belongs to the word; ``known`` as in ``joined``.
    """
    if not (_CUT_WORD.search(head) and tail[:1].islower()):
        return None
    return head if _word(head, tail) in known else head[:-1]


def _word(head: str, tail: str) -> str:
    """Return the word that stands across the end of ``head`` and the beginning of ``tail``."""
    first, second = re.findall(r"[\w-]+$", head[:-1]), re.findall(r"^[\w-]+", tail)
    return f"{first[0] if first else ''}-{second[0] if second else ''}".lower()
