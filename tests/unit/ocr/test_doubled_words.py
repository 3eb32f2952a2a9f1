"""Words that lie on words."""

from __future__ import annotations

import pytest

from fanfold.model import Box, Word
from fanfold.ocr.layer import doubles
from fanfold.ocr.words import Row


def row(text, x, y=100.0, width=40.0):
    return Row(("0", "0"), "0", Word(text, Box(x, y, x + width, y + 10), 100))


def texts(rows):
    return [each.word.text for each in rows]


@pytest.mark.parametrize(("right", "down"), [(0, 0), (0.5, 0), (3, 3), (-2, 1)])
def test_the_same_word_at_nearly_the_same_place_is_said_once(right, down):
    rows = [row("Total", 50), row("Total", 50 + right, 100 + down), row("payable", 100)]
    assert texts(doubles.once(rows)) == ["Total", "payable"]


def test_four_strokes_are_one_word():
    assert texts(doubles.once([row("Total", 50 + 0.3 * n) for n in range(4)])) == ["Total"]


@pytest.mark.parametrize(("right", "down"), [(41, 0), (0, 11), (40, 0)])
def test_the_same_word_beside_or_below_is_another_one(right, down):
    rows = [row("had", 50), row("had", 50 + right, 100 + down)]
    assert texts(doubles.once(rows)) == ["had", "had"]


def test_a_layer_over_another_lies_on_it_whatever_it_says():
    one = [row(text, 50 * n) for n, text in enumerate("abcd")]
    other = [row(text, 50 * n + 3, 103) for n, text in enumerate("wxyz")]
    assert doubles.overlaid(one + other)
    assert doubles.share(one + other) == 1
    assert not doubles.overlaid(one)
    assert doubles.share(one) == 0


def test_lines_set_close_do_not_lie_on_each_other():
    close = [row(f"w{n}", 50, 100 + 8 * n) for n in range(9)]
    assert not doubles.overlaid(close)
    assert doubles.share(close) == 0


def test_words_off_the_page_and_none_at_all_lie_on_nothing():
    assert not doubles.overlaid([])
    assert not doubles.overlaid([row("far", 1e9), row("far", -1e9)])
