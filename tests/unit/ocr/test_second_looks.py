from pathlib import Path

import pytest
from PIL import Image

from fanfold.errors import PageError, PageTimeout, RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.passes import doubtful
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recogniser, Recognition
from fanfold.ocr.words import Row

PICTURE = Drawing(Path("page.pgm"), 150, 1000, 1000)
PLENTY = 12_000_000


def recognition(*words):
    """Give words as (text, height, confidence)."""
    rows = [Row(("1", "1"), "1", Word(t, Box(0, 0, 50, h), c)) for t, h, c in words]
    return Recognition(tuple(rows))


@pytest.mark.parametrize(("height", "factor"), [(13, 2), (52, 0.5), (25, 1), (28, 1)])
def test_words_are_brought_to_the_height_at_which_they_read_best(height, factor):
    first = recognition(*[("word", height, 70)] * 3)
    assert doubtful.scale(first, PICTURE, PLENTY) == factor


def test_junk_short_words_and_signs_have_no_say_in_that():
    first = recognition(("word", 13, 90), *[("x", 99, 90), ("===", 2, 90), ("junk", 50, 20)] * 2)
    assert doubtful.scale(first, PICTURE, PLENTY) == 2


def test_a_page_without_words_has_no_scale():
    assert doubtful.scale(recognition(("~", 9, 10)), PICTURE, PLENTY) == 0


def test_an_enlarged_page_keeps_to_its_pixels():
    assert doubtful.scale(recognition(("word", 1, 90)), PICTURE, 4_000_000) == 2


def test_more_words_are_worth_more_only_if_they_are_sure():
    few, more = ("word", 20, 80), ("more", 20, 70)
    assert recognition(few, more).worth > recognition(few).worth
    assert recognition(few, ("junk", 20, 30)).worth < recognition(few).worth
    assert recognition().worth == recognition().confidence == 0


class Engine:
    """A recogniser that gives one reading after the other, and remembers how it had to look."""

    def __init__(self, *readings):
        self.readings, self.ways = list(readings), []

    def read(self, picture, way):
        self.ways.append(way)
        reading = self.readings.pop(0)
        if isinstance(reading, PageError):
            raise reading
        return reading


@pytest.fixture
def drawing(tmp_path):
    Image.new("L", (100, 100), 255).save(tmp_path / "page.pgm")
    return Drawing(tmp_path / "page.pgm", 150, 100, 100)


def texts(found):
    return [row.word.text for row in found.rows]


def test_a_sure_page_is_not_looked_at_again(drawing):
    sure = recognition(("word", 26, 90))
    assert doubtful.better(sure, drawing, Engine(), PLENTY) == sure


def test_looks_end_with_the_first_that_is_sure_and_the_surer_word_counts(drawing):
    engine = Engine(recognition(("worst", 26, 70)), recognition(("best", 26, 85)))
    found = doubtful.better(recognition(("worse", 26, 60)), drawing, engine, PLENTY)
    assert texts(found) == ["best"]
    assert [way.segmentation for way in engine.ways] == [3, 6]


def test_words_of_an_enlarged_look_come_back_in_pixels_of_the_page(drawing):
    engine = Engine(recognition(("word", 26, 90)))
    found = doubtful.better(recognition(("w0rd", 13, 60)), drawing, engine, PLENTY)
    assert [row.word.box for row in found.rows] == [Box(0, 0, 25, 13)]


def test_what_was_read_stands_when_a_further_look_fails(drawing):
    first = recognition(("word", 26, 60))
    assert doubtful.better(first, drawing, Engine(RecognitionFailed()), PLENTY) == first


def test_a_further_look_ends_within_four_fifths_of_the_time():
    task = Task("", "", 1, "eng", "ocr", "tesseract", None, PLENTY, seconds=50, begun=100.0)
    latest = task.last_look - task.begun
    assert latest + latest <= 0.8 * task.seconds


def test_no_reading_begins_too_late():
    with pytest.raises(PageTimeout):
        Recogniser("no tesseract", "eng", until=0.0).read(PICTURE)
