"""Words that a text layer has in pieces, by the gaps between these."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fanfold.model import Box, Word
from fanfold.ocr.layer import spacing
from fanfold.ocr.words import Row


def line(*pieces, height=10.0, number="0"):
    """Return a line of (gap before, text, width, height and drop if they differ)."""
    x, rows = 0.0, []
    for gap, text, width, *size in pieces:
        tall, drop = size or (height, 0.0)
        box = Box(x + gap, drop, x + gap + width, drop + tall)
        rows.append(Row(("0", "0"), number, Word(text, box, 100)))
        x = box.x1
    return rows


def apart(text, gap, between=0.0):
    """Return single letters 5 wide: ``gap`` apart, and ``between`` more where a space stands."""
    pieces = [(0.0, text[0], 5.0)]
    for before, letter in pairwise(text):
        if letter != " ":
            pieces.append((gap + (between if before == " " else 0.0), letter, 5.0))
    return line(*pieces)


def joined(rows):
    return " ".join(row.word.text for row in spacing.joined(rows))


def test_letters_that_touch_are_words():
    assert joined(apart("case workers meet", 0, 3)) == "case workers meet"


@pytest.mark.parametrize("gap", [1.5, 3.0, 5.0])
def test_letters_apart_are_words_where_gaps_come_in_two_widths(gap):
    assert joined(apart("annual report", gap, gap + 3)) == "annual report"


def test_a_single_word_of_letters_apart_is_one():
    assert joined(apart("CHAPTER", 3)) == "CHAPTER"
    assert joined(apart("CHAPTER", 7)) == "CHAPTER"


@pytest.mark.parametrize(
    "text",
    ["abcdef", "BADCBA", "123456", "xyz", "YNYNNY", "rtkplm", "aeiou", "東京大阪名古屋", "กขคงจฉ"],
)
def test_letters_at_one_distance_that_are_no_word_stay(text):
    assert joined(apart(text, 3)) == " ".join(text)


def test_cells_of_a_form_stay_apart():
    assert joined(apart("CHAPTER", 12)) == "C H A P T E R"


def test_figures_in_groups_stay_apart():
    assert joined(apart("12 34 56", 3, 9)) == "1 2 3 4 5 6"


def test_syllables_that_touch_are_words():
    rows = line(
        (0, "Ca", 9), (0, "se", 9), (3, "wor", 14), (0, "kers", 18), (3, "me", 9), (0, "et", 8)
    )
    assert joined(rows) == "Case workers meet"


def test_recognised_words_that_touch_here_and_there_stay():
    assert (
        joined(line((0, "(Date", 24), (3, "of", 9), (0, "signature)", 45))) == "(Date of signature)"
    )


def test_small_capitals_belong_to_their_capital():
    rows = line((0, "J", 5), (0, "OHN", 14, 8.0, 1.6), (3, "S", 6), (0, "MITH", 17, 8.0, 1.6))
    assert joined(rows) == "JOHN SMITH"


def test_a_raised_capital_is_no_small_one():
    assert joined(line((0, "CO", 14), (0, "X", 5, 7.0, -2.0))) == "CO X"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([(0, "28", 11), (0, "th", 7, 6.0, 0.0)], "28th"),
        ([(0, "2", 6), (0.2, ".", 3), (4, "Registration", 50)], "2. Registration"),
        ([(0, "2", 6), (3, ".", 3), (4, "Registration", 50)], "2 . Registration"),
    ],
)
def test_what_belongs_to_the_piece_before_it_does_so_where_it_touches(pieces, text):
    assert joined(line(*pieces)) == text


def test_lines_do_not_flow_into_each_other():
    rows = line((0, "a", 5), (0, "b", 5), (0, "c", 5)) + line((15, "d", 5), number="1")
    assert joined(rows) == "abc d"


def test_a_word_is_as_large_as_its_pieces():
    (row,) = spacing.joined(apart("case", 0))
    assert row.word.box == Box(0, 0, 20, 10)


def test_the_share_of_single_letters_leaves_out_other_scripts_and_figures():
    assert spacing.single(apart("abc", 3)) == 1
    assert spacing.single(apart("東京12", 3)) == 0
    assert spacing.single([]) == 0
