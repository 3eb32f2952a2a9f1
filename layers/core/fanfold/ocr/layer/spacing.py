"""Words that a file keeps in pieces, put together by the gaps between them.

Some programs write every letter by itself, a space behind each, or capitals of two sizes; others
strike letters twice, and what cleans up the doubles leaves single letters. Where a word ends is
then a matter of the gaps: within words they are narrow, between words wide. Letters that stand at
one distance all along (answers, cells of a form, lists of letters) stay apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from fanfold.model import Box
from fanfold.ocr.words import Row

TOUCHING = 0.05
"""Maximum gap, in heights of the words, between pieces that were set side by side."""

WORD_GAP = 0.12
"""Minimum gap, in the same measure, between words; a narrow space has 0.2."""

_TRACKED = 0.75
"""Maximum gap between letters that were spaced out; cells of a form are wider."""

_WIDER_THAN_WITHIN = 1.5
"""How many times as wide as the gaps within words those between them are at least."""

_MEAN_LENGTH = 3
"""Minimum letters, in the mean, of words put together from letters that stand apart."""

_SINGLE_WORD = 5, 16
"""Least and most letters of a single word put together from letters that all stand apart."""

_VOWELS_OF_A_WORD = 0.2, 0.7
"""Least and greatest share of vowels in it."""

_PIECES = 3
"""Pieces from which a line may be one that was taken apart."""

_OFTEN = 0.3
"""Minimum share of a line's gaps that must be none for its pieces to be joined."""

_STANDING_BESIDE = 3
"""Minimum number of such gaps on a line: recognised words touch each other here and there."""

_CLOSING = re.compile(r"[.,;:!?)\]%]+")
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)")

_SMALL_CAPITALS = 0.6, 0.92
"""Heights of small capitals, in heights of the capital before them."""

_BASELINE, _SWAY = 0.78, 0.12
"""Where in a word's box its baseline is, and by how much two of one line may differ."""

_LATIN_VOWEL = re.compile("[aeiou]")
_ANSWER = re.compile("[a-f]+")


def joined(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with the pieces of words put together, line by line."""
    for _, line in groupby(rows, key=lambda row: (row.paragraph, row.line)):
        pieces = list(line)
        if not _doubtful(pieces):  # nearly every line
            yield from pieces
            continue
        for word in _words(pieces):
            yield one(word) if len(word) > 1 else word[0]


def single(rows: Sequence[Row]) -> float:
    """Return the share of words that are one letter, of scripts that put spaces between words."""
    letters = [row for row in rows if any(map(str.isalpha, row.word.text))]
    alone = sum(_is_letter(row.word.text) for row in letters)
    return alone / len(letters) if letters else 0.0


def _doubtful(line: Sequence[Row]) -> bool:
    """Whether pieces touch each other, or some are single letters in turn."""
    for before, row in pairwise(line):
        one, other = before.word, row.word
        if len(one.text) == len(other.text) == 1:
            return True
        box = other.box
        if box.x0 - one.box.x1 <= TOUCHING * max(box.y1 - box.y0, one.box.y1 - one.box.y0):
            return True
    return False


def _words(line: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut a line into words, each a run of its pieces."""
    if len(line) >= _PIECES and (bound := _bound_of_pieces(line)):
        yield from _cut(line, bound)
        return
    rest: list[Row] = []
    for alone, group in groupby(line, key=lambda row: len(row.word.text) == 1):
        run = list(group)
        if alone and len(run) >= _PIECES and (bound := _bound_of_letters(run)):
            yield from _beside(rest)
            yield from _cut(run, bound)
            rest = []
        else:
            rest += run
    yield from _beside(rest)


def _cut(run: Sequence[Row], bound: float) -> Iterator[Sequence[Row]]:
    """Yield the pieces of each word; gaps from ``bound`` on, in points, are between words."""
    word = [run[0]]
    for before, row in pairwise(run):
        if not -bound <= _gap(before, row) < bound:
            yield word
            word = []
        word.append(row)
    yield word


def _bound_of_pieces(line: Sequence[Row]) -> float:
    """Return the gap that parts words in a line whose pieces touch; 0 where they do not."""
    if any(_is_wide(row.word.text) for row in line):
        return 0.0
    size = _size(line)
    gaps = [_gap(*pair) / size for pair in pairwise(line)]
    touching = sum(abs(gap) <= TOUCHING for gap in gaps)
    clear = all(abs(gap) <= TOUCHING or gap >= WORD_GAP for gap in gaps)
    parted = touching < len(gaps) or all(len(row.word.text) == 1 for row in line)
    often = touching >= max(_OFTEN * len(gaps), min(_STANDING_BESIDE, len(gaps)))
    return WORD_GAP * size if clear and parted and often else 0.0


def _bound_of_letters(run: Sequence[Row]) -> float:
    """Return the gap that parts words in a run of single letters; 0 where they stay alone."""
    text = "".join(row.word.text for row in run)
    size = _size(run)
    gaps = sorted(_gap(*pair) / size for pair in pairwise(run))
    if _is_wide(text) or gaps[0] < -TOUCHING or not any(map(str.isalpha, text)):
        return 0.0
    steps = [(wide / max(narrow, TOUCHING), narrow, wide) for narrow, wide in pairwise(gaps)]
    ratio, narrow, wide = max(steps)
    if ratio < _WIDER_THAN_WITHIN:
        return 2 * _TRACKED * size if gaps[-1] <= _TRACKED and _is_word(text) else 0.0
    bound = (narrow + wide) / 2
    words = list(_cut(run, bound * size))
    return bound * size if narrow <= _TRACKED and len(run) >= _MEAN_LENGTH * len(words) else 0.0


def _is_word(text: str) -> bool:
    """Whether letters that stand apart may be one word, not answers, choices or a list."""
    letters = text.lower()
    if not _SINGLE_WORD[0] <= len(letters) <= _SINGLE_WORD[1] or not letters.isalpha():
        return False
    if _ANSWER.fullmatch(letters):
        return False
    vowels = len(_LATIN_VOWEL.findall(letters)) / len(letters)
    in_turn = sum(ord(b) - ord(a) == 1 for a, b in pairwise(letters))
    return _VOWELS_OF_A_WORD[0] <= vowels <= _VOWELS_OF_A_WORD[1] and 2 * in_turn < len(letters)


def _beside(run: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Put what belongs to the word before it there, where it touches it.

    Small capitals, the sign at a sentence's end, the letters of an ordinal.
    """
    word = list(run[:1])
    for before, row in pairwise(run):
        if not (_are_capitals(before, row) or _is_end(before, row)):
            yield word
            word = []
        word.append(row)
    if word:
        yield word


def _is_end(before: Row, row: Row) -> bool:
    size = max(before.word.box.height, row.word.box.height)
    if not abs(_gap(before, row)) <= TOUCHING * size or not before.word.text[-1].isalnum():
        return False
    both = before.word.text[-1] + row.word.text
    return bool(_CLOSING.fullmatch(row.word.text) or _ORDINAL.fullmatch(both))


def _are_capitals(before: Row, row: Row) -> bool:
    large, small = before.word.box, row.word.box
    if not (before.word.text[-1].isupper() and row.word.text[0].isupper() and large.height > 0):
        return False
    low, high = (share * large.height for share in _SMALL_CAPITALS)
    sway = abs(_baseline(large) - _baseline(small)) / large.height
    near = abs(_gap(before, row)) <= TOUCHING * large.height
    return near and low <= small.height <= high and sway <= _SWAY


def _baseline(box: Box) -> float:
    return box.y0 + _BASELINE * box.height


def one(word: Sequence[Row]) -> Row:
    """Return the pieces of a word as one, as sure as the least sure of them."""
    text = "".join(row.word.text for row in word)
    box = Box.around(row.word.box for row in word)
    sure = min(row.word.confidence for row in word)
    return word[0]._replace(word=replace(word[0].word, text=text, box=box, confidence=sure))


def _gap(before: Row, row: Row) -> float:
    return row.word.box.x0 - before.word.box.x1


def _size(rows: Sequence[Row]) -> float:
    return max(0.1, median(row.word.box.height for row in rows))


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isalpha() and not _is_wide(text)


def _is_wide(text: str) -> bool:
    """Whether a text has letters of a script that puts no spaces between words."""
    return any(unicodedata.east_asian_width(c) in "WF" or "\u0e00" <= c <= "\u0eff" for c in text)
