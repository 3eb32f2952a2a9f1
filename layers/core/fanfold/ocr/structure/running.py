"""Whether lines are running text: sentences that go on from line to line, no labels or cells."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from fanfold.model import Box, Line

_RUNNING_WORDS = 4
"""Words of a line of running text, in the median."""

_FULL = 0.8
"""Share of a column's width that most lines of running text fill."""

_WITHIN_SENTENCE = 0.3
"""Minimum share of the lines that begin within a sentence. Every line of a list or a table begins
with a capital or a digit; three of four lines of English prose do not, half of German ones."""


def is_text(lines: Sequence[Line]) -> bool:
    """Whether lines, one below the other in one column, are running text."""
    box = Box.around(line.box for line in lines)
    full = sum(line.box.width >= _FULL * box.width for line in lines)
    wordy = median(len(line.words) for line in lines) >= _RUNNING_WORDS
    return wordy and 2 * full > len(lines) and goes_on(lines)


def goes_on(lines: Sequence[Line]) -> bool:
    """Whether several lines begin within a sentence."""
    begun = (next(filter(str.isalnum, line.text), "") for line in lines)
    within = sum(bool(first) and not first.isupper() and not first.isdigit() for first in begun)
    return within >= _WITHIN_SENTENCE * len(lines)
