import pytest

from fanfold.model import Box, Word
from fanfold.ocr.passes import corrections
from fanfold.ocr.words import Row


def rows(*words, line="1"):
    return [Row(("1", "0"), line, Word(t, Box(0, 0, 9, 9), c)) for t, c in words]


def kept(given):
    return [row.word.text for row in corrections.not_noise(given)]


def test_signs_read_of_specks_go_and_unsure_letters_stay():
    line = rows(("Total", 90), ("~", 39), ("—", 45), ("$", 90), ("9", 5), ("||", 10), ("ab", 0))
    assert kept(line) == ["Total", "—", "$", "9", "ab"]


@pytest.mark.parametrize(
    ("word", "stays"),
    [(("tr", 59), False), (("tr", 60), True), (("the", 20), True), (("?", 50), False)],
)
def test_a_letter_or_two_alone_on_a_line_must_be_sure(word, stays):
    assert kept(rows(word)) == [word[0]] * stays


def test_lone_letters_of_a_figure_go_and_the_lines_around_it_stay():
    figure = [*rows(("HH", 30), line="2"), *rows(("i", 12), line="3")]
    assert kept([*rows(("above", 96)), *figure, *rows(("below", 96), line="4")]) == [
        *("above", "below")
    ]


def test_a_page_without_words_stays_one():
    assert kept([]) == []
