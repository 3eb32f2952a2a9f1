import pytest
from PIL import Image

from fanfold.errors import RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.passes import unread_ink
from fanfold.ocr.picture import ink
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recognition
from fanfold.ocr.words import Row
from tests.data import pictures, prose
from tests.unit.ocr.engines import Engine

SIZE = (1000, 1400)
PLACED = list(pictures.place(prose.LIGHTHOUSE[0], SIZE))


def row(text, x, y, confidence=90.0, place="1-1", width=60):
    paragraph, line = place.split("-")
    return Row((paragraph, "0"), line, Word(text, Box(x, y, x + width, y + 20), confidence))


def texts(rows):
    return [row.word.text for row in rows]


@pytest.fixture
def drawing(tmp_path):
    pictures.page(prose.LIGHTHOUSE[0], SIZE).save(tmp_path / "page.pgm")
    return Drawing(tmp_path / "page.pgm", pictures.DPI, *SIZE)


def known(words, confidence=90.0):
    boxes = [Word(w.text, Box(w.x0, w.y0, w.x1, w.y1), confidence) for w in words]
    return Recognition(tuple(Row(("1", "0"), str(w.box.y0), w) for w in boxes))


def test_a_page_that_was_read_is_not_looked_at_again(drawing):
    engine = Engine()
    found = known(PLACED)
    assert unread_ink.more(found, drawing, ink.of(drawing), engine) == found
    assert engine.shown == []


def test_words_of_the_rest_are_added_and_the_rest_is_all_that_is_shown(drawing):
    half = len(PLACED) // 2
    engine = Engine(row("late", 300, 900))
    found = unread_ink.more(known(PLACED[:half]), drawing, ink.of(drawing), engine)
    assert texts(found.rows) == [w.text for w in PLACED[:half]] + ["late"]
    ((rest, way),) = engine.shown
    assert way.segmentation == 6
    with Image.open(rest.path) as image:
        first, last = PLACED[0], PLACED[-1]
        assert image.crop((first.x0, first.y0, first.x1, first.y1)).getextrema() == (255, 255)
        assert image.crop((last.x0, last.y0, last.x1, last.y1)).getextrema()[0] < 100


def test_unsure_words_and_signs_are_not_added(drawing):
    engine = Engine(row("junk", 300, 900, confidence=40), row("||", 300, 940))
    found = known(PLACED[:9])
    assert unread_ink.more(found, drawing, ink.of(drawing), engine) == found


def test_a_figure_gives_no_scattered_letters(drawing):
    junk = [row("~~", 300, 900 + 9 * n, confidence=30) for n in range(9)]
    engine = Engine(
        row("dy", 300, 1000, confidence=82), row("Figure", 300, 1040, confidence=75), *junk
    )
    added = unread_ink.more(known(PLACED[:9]), drawing, ink.of(drawing), engine).rows
    assert texts(added)[9:] == ["Figure"]


def test_a_sure_word_takes_the_place_of_a_doubtful_one(drawing):
    last = PLACED[-1]
    found = Recognition((*known(PLACED[:9]).rows, *known([last], confidence=20).rows))
    engine = Engine(Row(("1", "0"), "1", Word("sure", Box(last.x0, last.y0, last.x1, last.y1), 90)))
    assert texts(unread_ink.more(found, drawing, ink.of(drawing), engine).rows)[-1] == "sure"


def test_what_was_read_stands_when_the_second_look_fails(drawing):
    found = known(PLACED[:9])
    assert (
        unread_ink.more(found, drawing, ink.of(drawing), Engine(error=RecognitionFailed())) == found
    )


LINES = [row("one", 300, 100), row("two", 380, 100), row("three", 300, 140, place="1-2")]


def test_a_number_beside_a_line_becomes_a_part_of_it():
    woven = unread_ink.woven(LINES, [row("12", 180, 142)])
    assert texts(woven) == ["one", "two", "12", "three"]
    assert woven[2].line == woven[3].line


def test_an_answer_behind_a_line_ends_it():
    assert texts(unread_ink.woven(LINES, [row("answer", 500, 99)])) == [
        "one",
        "two",
        "answer",
        "three",
    ]


def test_a_line_of_another_column_is_a_paragraph_of_its_own():
    column = [row(text, x, 140) for text, x in (("far", 500), ("away", 580), ("words", 660))]
    woven = unread_ink.woven(LINES, column)
    assert texts(woven)[-3:] == ["far", "away", "words"]
    assert woven[-1].paragraph != LINES[0].paragraph


def test_what_stands_above_all_comes_first():
    assert texts(unread_ink.woven(LINES, [row("title", 300, 20)]))[0] == "title"


def test_there_is_no_word_to_stand_beside():
    assert texts(unread_ink.woven([], [row("alone", 300, 20)])) == ["alone"]


def test_a_mark_at_the_right_comes_behind_the_short_last_line_of_its_column():
    body = [row("sentence", 100, 100, place="1-1", width=800)]
    end = [row("end.", 100, 160, place="2-1", width=120)]
    assert texts(unread_ink.woven([*body, *end], [row("over", 700, 900)])) == [
        "sentence",
        "end.",
        "over",
    ]


def test_a_mark_under_the_first_of_two_columns_stays_before_the_second():
    left = [row("left", 100, 100, place="1-1", width=300)]
    right = [row("right", 600, 100, place="2-1", width=300)]
    assert texts(unread_ink.woven([*left, *right], [row("over", 100, 900)])) == [
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
    found = unread_ink.woven(page, [row("0.68", 700, 500)])
    assert texts(found) == ["Tax", "0.68", "Thanks", "again"]
    assert found[1].paragraph != page[0].paragraph
