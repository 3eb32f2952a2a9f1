import pytest

from fanfold.errors import RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.data import pictures, prose
from tests.unit.ocr.engines import Engine, after

SIZE = (1000, 1400)
HAND = 80
"""Pixels that handwriting is high: twice what it is looked at."""

PRINT = list(pictures.place(prose.LIGHTHOUSE[0], SIZE))
TOP = max(word.y1 for word in PRINT) + HAND


def hand(text, number, confidence, scale=1.0):
    """Give a word written below the print."""
    x, y = 100 + 200 * number, TOP
    box = Box(x * scale, y * scale, (x + 150) * scale, (y + HAND) * scale)
    return Row(("9", "9"), "9", Word(text, box, confidence))


def printed():
    boxes = ((w.text, Box(w.x0, w.y0, w.x1, w.y1)) for w in PRINT)
    return [Row(("1", "0"), str(box.y0), Word(text, box, 95.0)) for text, box in boxes]


DOUBTFUL = [hand(text, n, 40.0) for n, text in enumerate(("l643", "Jopan", "istves"))]


def drawn():
    picture = pictures.page(prose.LIGHTHOUSE[0], SIZE)
    for row in DOUBTFUL:
        box = row.word.box
        picture.paste(0, (int(box.x0), int(box.y0), int(box.x1), int(box.y1)))
    return Drawing(picture, pictures.DPI)


DRAWING = drawn()
PAGE = Reading.of(DRAWING, (*printed(), *DOUBTFUL))


def looked(engine, found=PAGE):
    return after("large-writing", found, engine)


def said(row, text, confidence):
    return row._replace(word=Word(text, row.word.box, confidence))


def last(found, count=3):
    return [row.word.text for row in found.rows[-count:]]


def test_writing_larger_than_print_is_read_at_a_size_of_its_own():
    engine = Engine(hand("1643", 0, 80.0, scale=0.5))
    assert last(looked(engine)) == ["1643", "Jopan", "istves"]
    ((seen, way),) = engine.shown
    assert (seen.width, seen.height) == (SIZE[0] / 2, SIZE[1] / 2)
    assert way.segmentation == 11


def test_print_that_was_read_is_not_in_the_picture():
    engine = Engine()
    looked(engine)
    ((seen, _),) = engine.shown
    assert seen.image.crop((0, 0, seen.width, TOP // 2 - 5)).getextrema() == (255, 255)
    assert seen.image.getextrema()[0] < 100


def test_a_word_must_be_much_surer_than_the_one_in_its_place():
    engine = Engine(hand("1643", 0, 65.0, scale=0.5))
    assert last(looked(engine)) == ["l643", "Jopan", "istves"]


@pytest.mark.parametrize(
    "rows",
    [
        [*printed(), *DOUBTFUL[:2]],
        [*printed(), *(said(row, "sure", 95.0) for row in DOUBTFUL)],
        [*printed(), *(said(row, "~~", 40.0) for row in DOUBTFUL)],
        DOUBTFUL,
        [],
    ],
    ids=["few", "sure", "signs", "no-print", "nothing"],
)
def test_other_pages_are_not_looked_at_again(rows):
    engine = Engine(hand("1643", 0, 99.0, scale=0.5))
    found = Reading.of(DRAWING, tuple(rows))
    assert looked(engine, found) == found
    assert not engine.shown


def test_what_was_read_stands_when_the_look_fails():
    assert looked(Engine(error=RecognitionFailed())) == PAGE


def test_a_single_letter_beside_the_writing_is_not_added():
    engine = Engine(hand("t", 4, 99.0, scale=0.5), hand("at", 3, 99.0, scale=0.5))
    found = looked(engine)
    assert last(found, 4) == ["l643", "Jopan", "istves", "at"]
