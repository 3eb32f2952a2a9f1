"""The operators of a page's instructions and what stands before them; no strings, no comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_SKIPPED = re.compile(
    rb"%[^\r\n]*"
    rb"|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)"
    rb"|(?<!<)<[^<>]++>",
    re.DOTALL,
)
"""Comments, and strings with no more than brackets in brackets within them."""

_BRACKETS = bytes.maketrans(b"[]{}", b"    ")
_LINE_OPERATORS = frozenset((b"l", b"re"))
_FRAMES = frozenset((b"S", b"s", b"B", b"b"))
CURVES = (b"c", b"v", b"y")
_LEVEL = 0.1
"""Maximum rise of a line that is level, in its lengths."""


def of(data: bytes) -> list[bytes]:
    """Return the words of instructions: names, numbers and operators, but no strings.

    Where a bracket of a string is left over nobody knows what is a string: it stays a word.
    """
    plain = _SKIPPED.sub(b" ", data).translate(_BRACKETS)
    for sign in (b"/", b"(", b")"):
        plain = plain.replace(sign, b" " + sign)
    return plain.replace(b"<<", b" << ").replace(b">>", b" >> ").split()


def curves(words: Sequence[bytes]) -> int:
    """Return how many curves are drawn."""
    return sum(map(words.count, CURVES))


def slopes(words: Sequence[bytes]) -> int:
    """Return how many lines run neither across nor down."""
    return sum(
        word == b"l" and words[place - 3] in (b"m", b"l") and _slopes(words[place - 5 : place])
        for place, word in enumerate(words)
    )


def _slopes(ends: Sequence[bytes]) -> bool:
    """Whether a line slopes: two numbers, an operator and two numbers."""
    try:
        x0, y0, x1, y1 = numbers((*ends[:2], *ends[3:]))
    except ValueError:
        return False
    sides = sorted((abs(x1 - x0), abs(y1 - y0)))
    return sides[0] > _LEVEL * sides[1]


def segments(words: Sequence[bytes]) -> Iterator[tuple[float, float, bool]]:
    """Yield how far lines and rectangles reach across and down, and whether they are framed."""
    for place in (n for n, word in enumerate(words) if word in _LINE_OPERATORS):
        rectangle = words[place] == b"re"
        try:
            if rectangle:
                wide, high = numbers(words[place - 2 : place])
            elif words[place - 3] == b"m":
                x0, y0 = numbers(words[place - 5 : place - 3])
                x1, y1 = numbers(words[place - 2 : place])
                wide, high = x1 - x0, y1 - y0
            else:
                continue
        except (ValueError, IndexError):
            continue
        after = words[place + 1 : place + 2]
        yield abs(wide), abs(high), rectangle and bool(_FRAMES.intersection(after))


def numbers(words: Iterable[bytes]) -> list[float]:
    """Return numbers; raise ValueError for anything else."""
    return [float(word) for word in words]
