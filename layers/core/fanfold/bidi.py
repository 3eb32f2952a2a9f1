"""From the order in which words are seen to the order in which they are read, and back.

A PDF has words from left to right and their characters, too, so Arabic and Hebrew stand in it
backwards. ``read_order`` undoes, in effect, rule L2 of the Unicode bidirectional algorithm
(UAX #9) with two levels; ``seen_order`` does it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from fanfold.model import Word

_LEFT, _RIGHT, _SEPARATOR, _NEUTRAL = "l", "r", "s", "n"
_DIRECTIONS_OF = {
    **dict.fromkeys(("R", "AL"), _LEFT),
    **dict.fromkeys(("L", "EN", "AN"), _RIGHT),
    **dict.fromkeys(("ES", "CS"), _SEPARATOR),
}
_RIGHTWARD_RUN = re.compile(f"{_RIGHT}(?:{_SEPARATOR}?{_RIGHT})*")


def read_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of one line, given from left to right, as they are read."""
    directions = [_direction(word.text) for word in words]
    if _LEFT not in directions:
        return tuple(words)
    pairs = [
        (replace(word, text=_turn(word.text)) if direction == _LEFT else word, direction)
        for word, direction in zip(words, directions, strict=True)
    ]
    if directions.count(_RIGHT) > directions.count(_LEFT):
        return _turn_runs(pairs, _LEFT)
    return _turn_runs(pairs[::-1], _RIGHT)


def seen_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of one line, given as they are read, as PDFs have them: left to right.

    A line without a word that runs to the left stays as it is. Brackets are not mirrored: poppler
    and pdf.js give them back as they are.
    """
    if not any(map(runs_left, (word.text for word in words))):
        return tuple(words)
    seen = [
        replace(word, text=_turn(word.text)) if runs_left(word.text) else word for word in words
    ]
    return tuple(sorted(seen, key=lambda word: word.box.x0))


def runs_left(text: str) -> bool:
    """Whether a text's first letter belongs to a script that runs to the left."""
    return _direction(text) == _LEFT


def _turn_runs(pairs: Sequence[tuple[Word, str]], turned: str) -> tuple[Word, ...]:
    ordered: list[Word] = []
    for direction, group in groupby(pairs, key=lambda pair: pair[1]):
        run = [word for word, _ in group]
        ordered += reversed(run) if direction == turned else run
    return tuple(ordered)


def _direction(text: str) -> str:
    """Return where the first letter with a direction runs to; numbers have none of their own."""
    kinds = map(unicodedata.bidirectional, text)
    return next((_DIRECTIONS_OF[kind] for kind in kinds if kind in ("L", "R", "AL")), _NEUTRAL)


def _turn(text: str) -> str:
    """Turn a word around, but not the numbers and Latin letters in it."""
    back = text[::-1]
    kinds = "".join(_DIRECTIONS_OF.get(unicodedata.bidirectional(c), _NEUTRAL) for c in back)
    for run in _RIGHTWARD_RUN.finditer(kinds):
        back = back[: run.start()] + back[run.start() : run.end()][::-1] + back[run.end() :]
    return back
