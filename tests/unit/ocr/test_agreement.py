import pytest

from fanfold.model import Box, Word
from fanfold.ocr.passes import vote
from fanfold.ocr.words import Row


def row(text, x, confidence=90.0, *, y=100, width=60, height=20):
    return Row(("1", "0"), "1", Word(text, Box(x, y, x + width, y + height), confidence))


def texts(rows):
    return [one.word.text for one in rows]


LINE = [row("Total", 100), row("1O.00", 200, 60), row("RM", 300)]


def merged(*theirs):
    return vote.merged(LINE, theirs, "look")


def test_the_surer_word_of_one_place_counts_and_stands_in_the_line():
    found = merged(row("10.00", 203, 85))
    assert texts(found) == ["Total", "10.00", "RM"]
    assert {(one.paragraph, one.line) for one in found} == {(("1", "0"), "1")}


def test_a_word_that_is_hardly_surer_changes_nothing():
    assert merged(row("10.00", 203, 65)) == LINE


def test_one_word_may_be_two_in_another_look():
    assert texts(merged(row("10", 200, 95, width=25), row("00", 235, 95, width=25))) == [
        *("Total", "10", "00", "RM")
    ]


def test_two_words_may_be_one_in_another_look():
    doubtful = [row("To", 100, 50, width=25), row("tal", 135, 50, width=25), row("RM", 300)]
    assert texts(vote.merged(doubtful, [row("Total", 100)], "look")) == ["Total", "RM"]


def test_words_of_a_line_that_was_taken_for_one_word_stay():
    words = [row(text, 100 + 70 * n, 40) for n, text in enumerate(["a", "b", "c", "d", "e"])]
    assert vote.merged(words, [row("=====", 100, 90, width=400)], "look") == words


@pytest.mark.parametrize(
    ("word", "is_added"),
    [(row("paid", 380), True), (row("paid", 380, 70), False), (row("~~", 380), False)],
)
def test_what_only_one_look_saw_must_be_sure_and_have_letters(word, is_added):
    assert texts(merged(word)) == texts(LINE) + ["paid"] * is_added


def test_lone_words_of_two_looks_stay_paragraphs_of_their_own():
    found = vote.merged(LINE, [row("first", 100, y=300)], "look0")
    found = vote.merged(found, [row("second", 100, y=340)], "look1")
    assert texts(found)[-2:] == ["first", "second"]
    assert found[-2].paragraph != found[-1].paragraph


def test_other_lines_are_other_places():
    assert texts(merged(row("below", 200, 95, y=125))) == ["Total", "1O.00", "RM", "below"]


def test_more_words_than_can_be_compared_in_time_are_left_alone():
    many = [row("word", 100 * n, 50) for n in range(800)]
    assert vote.merged(many, [row("sure", 100 * n, 99) for n in range(800)], "look") == many


def kept(first, *rows, looks=()):
    return texts(vote.kept(rows, [row(first, 200, 80)], looks))


def test_a_sure_word_stands_against_one_look_however_sure():
    assert kept("758.5", row("7585", 200, 96)) == ["758.5"]


def test_two_looks_that_say_the_same_outvote_a_sure_word():
    one, other = [row("Vegetable", 201, 80)], [row("Vegetable", 199, 96)]
    assert kept("Vegelable", *one, looks=(one, other)) == ["Vegetable"]
    assert kept("Vegelable", *one, looks=(one, [row("Vegetabie", 199)])) == ["Vegelable"]


def test_a_reading_with_the_points_that_a_sure_word_lacks_counts():
    assert kept("7585", row("758.5", 200, 90)) == ["758.5"]


def test_a_doubtful_word_does_not_come_back():
    rows = [row("10.00", 200, 85)]
    assert vote.kept(rows, [row("1O.00", 200, 60)]) == rows
