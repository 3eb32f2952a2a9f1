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


def led(number, alternative="", dot=(), gap=60):
    """Return a line: a title 20 wide and 9 high, a dot, and a number so far from it."""
    title = Row(("1", "0"), "1", Word("Oil", Box(0, 0, 20, 9), 96))
    second = title._replace(word=Word("accounts", Box(24, 0, 60, 9), 96))
    dots = [title._replace(word=Word(".", Box(60 + gap, 7, 62 + gap, 9), 60)) for _ in dot]
    last = Word(number, Box(64 + gap, 0, 90 + gap, 9), 85, alternative=alternative)
    return [title, second, *dots, title._replace(word=last)]


def test_what_is_left_of_dots_before_a_page_s_number_goes():
    assert kept(led("103", dot=[1])) == ["Oil", "accounts", "103"]
    assert kept(led(".215", "215")) == ["Oil", "accounts", "215"]


def test_a_number_that_begins_with_a_dot_stays():
    assert kept(led(".215")) == ["Oil", "accounts", ".215"]
    assert kept(led(".215", "215", gap=6)) == ["Oil", "accounts", ".215"]


def test_a_page_without_words_stays_one():
    assert kept([]) == []
