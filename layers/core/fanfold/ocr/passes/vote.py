"""Make one reading of several of the same picture: word by word the surer one counts.

Looks that differ in layout or threshold err in different places. Words that share a place are
compared; few against few, for a word in one look may be two in another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fanfold.model import Box
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.words import Row

SURER = 10.0
"""By how much more confident the other words must be. From 0 to 20 it makes no difference."""

ADDED = 75.0
"""Confidence that a word needs where the reading has none, and from which another look does not
replace it alone."""

_WORDS_IN_ONE_PLACE = 4
"""Words in one place from which it is no word but a line that was taken for one."""

_COMMON_WIDTH, _COMMON_HEIGHT = 0.3, 0.5
"""Share of the smaller word's sides that two words in one place have in common at least."""

_AGREEING = 2
"""Further looks that must say the same against a sure word."""

_COMPARISONS = 500_000
"""Comparisons that readings may need, a third of a CPU second; forms have a fifth of that."""


class Group(NamedTuple):
    """Words of both readings, by number, that share a place."""

    ours: list[int]
    theirs: list[int]


def merged(best: Sequence[Row], other: Sequence[Row], name: str, surer: float = SURER) -> list[Row]:
    """Return the words of ``best``, with those of ``other`` where it is ``surer`` or alone.

    What is alone becomes a paragraph called ``name`` if there is no line beside it.
    """
    if len(best) * len(other) > _COMPARISONS:
        return list(best)
    found = list(groups(best, other))
    rows: list[list[Row]] = [[row] for row in best]
    for group in found:
        ours, theirs = [best[n] for n in group.ours], [other[n] for n in group.theirs]
        few = len(ours) <= _WORDS_IN_ONE_PLACE and len(theirs) <= _WORDS_IN_ONE_PLACE
        if theirs and few and _confidence(theirs) > _confidence(ours) + surer:
            for n in group.ours:
                rows[n] = []
            place = ours[0]
            rows[group.ours[0]] = [place._replace(word=row.word) for row in theirs]
    shared = {n for group in found for n in group.theirs}
    alone = [row for n, row in enumerate(other) if n not in shared and _counts(row)]
    return woven([row for here in rows for row in here], alone, name)


def kept(
    rows: Sequence[Row], first: Sequence[Row], looks: Sequence[Sequence[Row]] = ()
) -> list[Row]:
    """Return ``rows`` with the sure words of the ``first`` look where nothing speaks against them.

    Against a sure word speak two ``looks`` that say the same in its place, or a reading that has
    all of its signs and more: recognition loses points and commas, but makes up none.
    """
    if len(rows) * len(first) > _COMPARISONS:
        return list(rows)
    found: list[list[Row]] = [[row] for row in rows]
    for group in groups(rows, first):
        ours, theirs = [rows[n] for n in group.ours], [first[n] for n in group.theirs]
        few = len(ours) <= _WORDS_IN_ONE_PLACE and 0 < len(theirs) <= _WORDS_IN_ONE_PLACE
        if few and all(map(_counts, theirs)) and not _outvoted(theirs, ours, looks):
            for n in group.ours:
                found[n] = []
            found[group.ours[0]] = [ours[0]._replace(word=row.word) for row in theirs]
    return [row for here in found for row in here]


def trusted(
    rows: Sequence[Row], first: Sequence[Row], name: str, looks: Sequence[Sequence[Row]] = ()
) -> list[Row]:
    """Return the words of one later look, with those that the ``first`` was sure of.

    ``looks`` are all later ones, as in ``kept``; ``name`` as in ``merged``.
    """
    return kept(merged(rows, first, name, math.inf), first, looks)


def _outvoted(sure: Sequence[Row], other: Sequence[Row], looks: Sequence[Sequence[Row]]) -> bool:
    before, after = _said(sure), _said(other)
    letters = iter(after)
    if all(letter in letters for letter in before):
        return True
    agreeing = sum(
        _said([row for row in look if any(_same(row.word.box, one.word.box) for one in sure)])
        == after
        for look in looks
    )
    return agreeing >= _AGREEING


def _said(rows: Sequence[Row]) -> str:
    return "".join(row.word.text for row in rows)


def groups(best: Sequence[Row], other: Sequence[Row]) -> Iterator[Group]:
    """Yield the words of ``best``, each with those of ``other`` in its place, or with none."""
    found: dict[int, Group] = {}
    owner: dict[int, int] = {}
    for number, row in enumerate(best):
        touched = [n for n, one in enumerate(other) if _same(row.word.box, one.word.box)]
        group = Group([number], touched)
        for key in {owner[n] for n in touched if n in owner}:
            old = found.pop(key)
            group = Group(old.ours + group.ours, old.theirs + group.theirs)
        found[number] = Group(sorted(group.ours), sorted(set(group.theirs)))
        owner.update(dict.fromkeys(found[number].theirs, number))
    yield from found.values()


def _same(one: Box, other: Box) -> bool:
    """Whether two words share a place."""
    high = one.common_height(other)
    if high <= _COMMON_HEIGHT * min(one.height, other.height):
        return False
    wide = one.common_width(other)
    return wide > _COMMON_WIDTH * min(one.width, other.width)


def _confidence(rows: Sequence[Row]) -> float:
    """Return the mean over letters, 0 to 100."""
    letters = sum(len(row.word.text) for row in rows)
    return sum(len(row.word.text) * row.word.confidence for row in rows) / letters


def _counts(row: Row) -> bool:
    return row.word.confidence >= ADDED and any(map(str.isalnum, row.word.text))
