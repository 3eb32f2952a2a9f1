"""Make one reading of what two readers say of a page: where they are at one, words are sure.

The neural reader's lines count, for it finds more of them and makes fewer errors where tesseract
doubts. Word by word the other one's box counts where both read the same, and its word where the
neural reader has doubts and it has none. Figures are of receipts and forms, halves of which the
rule was made on: docs/decisions/0075.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat

from fanfold.model import Box, Word
from fanfold.ocr.passes import vote
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.words import Row

_SURE_CONFIDENCE = 98.0
"""Minimum confidence of the neural reader in a word that both read alike, to be sure of it."""

_AT_ALL = 30.0
"""Minimum confidence of tesseract in such a word: below, it guesses."""

_DOUBTED = 95.0
"""Confidence of the neural reader below which it gives way to a tesseract that has no doubts."""

_NO_DOUBT = 90.0
"""Minimum confidence of tesseract in a word that the neural reader has otherwise or not at all."""

_LETTERS_TO_AGREE = 3
"""Minimum of letters and digits in a word that only tesseract has."""

_CONVINCED = 98.0
"""Minimum confidence of the neural reader that is right in nine of ten words against another."""

_RATHER, _HARDLY = 85.0, 60.0
"""Maximum confidence in a word that the readers have differently: convinced, and not."""


_WIDEST_LETTER, _TIMES_AS_MANY = 1.5, 2
"""Maximum width of a word's letters, in its heights, and how many times as many of them the other
reader must have, where that is exceeded."""

_LEAST_LIKENESS = 0.5
"""Minimum share of the place of two boxes that they have in common, if they are one word's."""


def agreed(neural: Sequence[Row], tesseract: Sequence[Row]) -> Iterator[Row]:
    """Return the words of both readings of one picture, each sure or not."""
    rows = [[row] for row in neural]
    shared: set[int] = set()
    for group in vote.groups(neural, tesseract):
        ours = [neural[n] for n in group.ours]
        theirs = [tesseract[n] for n in group.theirs]
        shared.update(group.theirs)
        if len({row.line for row in ours}) > 1:  # one of theirs reaches over several lines
            for n in group.ours:
                rows[n] = _settled([neural[n]], [])
            continue
        for n in group.ours:
            rows[n] = []
        rows[group.ours[0]] = _settled(ours, theirs)
    alone = [
        row._replace(word=replace(row.word, sure=False))
        for n, row in enumerate(tesseract)
        if n not in shared and _counts(row.word)
    ]
    yield from woven([row for here in rows for row in here], alone, "tesseract")


def _settled(ours: Sequence[Row], theirs: Sequence[Row]) -> list[Row]:
    """Return what is taken for the words in one place, on our line."""
    mine, other = ([row.word for row in side] for side in (ours, theirs))
    if [word.text for word in mine] == [word.text for word in other]:
        words = [_same(*pair) for pair in zip(mine, other, strict=True)]
    elif (
        _run_together(mine, other)
        or _leaves_out(mine, other)
        or (other and _least(mine) < _DOUBTED and _least(other) >= _NO_DOUBT)
    ):
        words = list(_against(other, mine))
    else:
        words = list(_against(mine, other))
    return [ours[0]._replace(word=word) for word in words]


def _run_together(mine: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether the neural reader has left out spaces between letters, as it sometimes does."""
    alike = "".join(word.text for word in mine) == "".join(word.text for word in other)
    lettered = all(w.text[0].isalnum() and w.text[-1].isalnum() for w in other[:-1])
    return alike and len(other) > len(mine) and lettered and other[-1].text[0].isalnum()


def _leaves_out(mine: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether the neural reader has left letters out of a word, as its box tells."""
    if len(mine) != 1 or len(other) != 1:
        return False
    said, box = mine[0].text, mine[0].box
    letters = iter(other[0].text)
    fuller = len(other[0].text) >= _TIMES_AS_MANY * len(said) and all(c in letters for c in said)
    return fuller and box.width > _WIDEST_LETTER * box.height * len(said)


def _same(word: Word, other: Word) -> Word:
    sure = word.confidence >= _SURE_CONFIDENCE and other.confidence >= _AT_ALL
    confidence = max(word.confidence, other.confidence)
    box = other.box if _alike(word.box, other.box) else word.box
    return replace(word, box=box, confidence=confidence, sure=sure)


def _alike(one: Box, other: Box) -> bool:
    """Whether two boxes share more than half of the place that they take together."""
    shared = max(0.0, one.common_width(other)) * max(0.0, one.common_height(other))
    both = one.width * one.height + other.width * other.height - shared
    return shared > _LEAST_LIKENESS * both


def _against(words: Sequence[Word], other: Sequence[Word]) -> Iterator[Word]:
    """Yield words that the other reader has differently, or not at all."""
    most = _RATHER if _least(words) >= _CONVINCED else _HARDLY
    one_by_one = len(words) == len(other)
    said = [w.text for w in other] if one_by_one else [" ".join(w.text for w in other)]
    for word, alternative in zip(words, chain(said, repeat("")), strict=False):
        told = "" if alternative == word.text else alternative
        sure = min(most, word.confidence)
        yield replace(word, confidence=sure, sure=False, alternative=told)


def _least(words: Sequence[Word]) -> float:
    return min(word.confidence for word in words)


def _counts(word: Word) -> bool:
    """Whether a word that only tesseract has is one: dust has few letters, but seldom digits."""
    letters = sum(map(str.isalnum, word.text))
    numeric = any(map(str.isdigit, word.text))
    return word.confidence >= _NO_DOUBT and (letters >= _LETTERS_TO_AGREE or numeric)
