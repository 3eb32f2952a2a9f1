from fanfold.model import Box, Word
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.words import Row


def row(text, x, y, confidence=90.0, place="1-1", width=60):
    paragraph, line = place.split("-")
    return Row((paragraph, "0"), line, Word(text, Box(x, y, x + width, y + 20), confidence))


def texts(rows):
    return [row.word.text for row in rows]


LINES = [row("one", 300, 100), row("two", 380, 100), row("three", 300, 140, place="1-2")]


def test_a_number_beside_a_line_becomes_a_part_of_it():
    found = woven(LINES, [row("12", 180, 142)], "added")
    assert texts(found) == ["one", "two", "12", "three"]
    assert found[2].line == found[3].line


def test_an_answer_behind_a_line_ends_it():
    assert texts(woven(LINES, [row("answer", 500, 99)], "added")) == [
        "one",
        "two",
        "answer",
        "three",
    ]


def test_a_line_of_another_column_is_a_paragraph_of_its_own():
    column = [row(text, x, 140) for text, x in (("far", 500), ("away", 580), ("words", 660))]
    found = woven(LINES, column, "added")
    assert texts(found)[-3:] == ["far", "away", "words"]
    assert found[-1].paragraph != LINES[0].paragraph


def test_what_stands_above_all_comes_first():
    assert texts(woven(LINES, [row("title", 300, 20)], "added"))[0] == "title"


def test_there_is_no_word_to_stand_beside():
    assert texts(woven([], [row("alone", 300, 20)], "added")) == ["alone"]


def test_a_mark_at_the_right_comes_behind_the_short_last_line_of_its_column():
    body = [row("sentence", 100, 100, place="1-1", width=800)]
    end = [row("end.", 100, 160, place="2-1", width=120)]
    assert texts(woven([*body, *end], [row("over", 700, 900)], "added")) == [
        "sentence",
        "end.",
        "over",
    ]


def test_a_mark_under_the_first_of_two_columns_stays_before_the_second():
    left = [row("left", 100, 100, place="1-1", width=300)]
    right = [row("right", 600, 100, place="2-1", width=300)]
    assert texts(woven([*left, *right], [row("over", 100, 900)], "added")) == [
        "left",
        "over",
        "right",
    ]


def test_a_line_within_a_paragraph_that_is_the_whole_page_stands_between_its_lines():
    page = [
        row("Tax", 600, 100, place="1-1", width=300),
        row("Thanks", 300, 900, place="1-2", width=300),
        row("again", 620, 900, place="1-2", width=300),
    ]
    found = woven(page, [row("0.68", 700, 500)], "added")
    assert texts(found) == ["Tax", "0.68", "Thanks", "again"]
    assert found[1].paragraph != page[0].paragraph
