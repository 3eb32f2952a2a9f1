from fanfold.errors import RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.data import pictures, prose
from tests.unit.ocr.engines import Engine, after

SIZE = (1000, 1400)
PLACED = list(pictures.place(prose.LIGHTHOUSE[0], SIZE))


def row(text, x, y, confidence=90.0, place="1-1", width=60):
    paragraph, line = place.split("-")
    return Row((paragraph, "0"), line, Word(text, Box(x, y, x + width, y + 20), confidence))


def texts(rows):
    return [row.word.text for row in rows]


def rows(words, confidence=90.0):
    boxes = [Word(w.text, Box(w.x0, w.y0, w.x1, w.y1), confidence) for w in words]
    return tuple(Row(("1", "0"), str(w.box.y0), w) for w in boxes)


def known(*read):
    return Reading.of(Drawing(pictures.page(prose.LIGHTHOUSE[0], SIZE), pictures.DPI), read)


def looked(found, engine):
    return after("unread-ink", found, engine)


def test_a_page_that_was_read_is_not_looked_at_again():
    engine = Engine()
    found = known(*rows(PLACED))
    assert looked(found, engine) == found
    assert engine.shown == []


def test_words_of_the_rest_are_added_and_the_rest_is_all_that_is_shown():
    half = len(PLACED) // 2
    engine = Engine(row("late", 300, 900))
    found = looked(known(*rows(PLACED[:half])), engine)
    assert texts(found.rows) == [w.text for w in PLACED[:half]] + ["late"]
    ((rest, way),) = engine.shown
    assert way.segmentation == 6
    first, last = PLACED[0], PLACED[-1]
    assert rest.image.crop((first.x0, first.y0, first.x1, first.y1)).getextrema() == (255, 255)
    assert rest.image.crop((last.x0, last.y0, last.x1, last.y1)).getextrema()[0] < 100


def test_unsure_words_and_signs_are_not_added():
    engine = Engine(row("junk", 300, 900, confidence=40), row("||", 300, 940))
    found = known(*rows(PLACED[:9]))
    assert looked(found, engine) == found


def test_a_figure_gives_no_scattered_letters():
    junk = [row("~~", 300, 900 + 9 * n, confidence=30) for n in range(9)]
    engine = Engine(
        row("dy", 300, 1000, confidence=82), row("Figure", 300, 1040, confidence=75), *junk
    )
    found = looked(known(*rows(PLACED[:9])), engine)
    assert texts(found.rows)[9:] == ["Figure"]


def test_a_sure_word_takes_the_place_of_a_doubtful_one():
    last = PLACED[-1]
    found = known(*rows(PLACED[:9]), *rows([last], confidence=20))
    engine = Engine(Row(("1", "0"), "1", Word("sure", Box(last.x0, last.y0, last.x1, last.y1), 90)))
    assert texts(looked(found, engine).rows)[-1] == "sure"


def test_what_was_read_stands_when_the_second_look_fails():
    found = known(*rows(PLACED[:9]))
    assert looked(found, Engine(error=RecognitionFailed())) == found
