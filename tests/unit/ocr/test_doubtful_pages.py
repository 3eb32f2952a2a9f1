import pytest
from PIL import Image

from fanfold.errors import PageError, PageTimeout, RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Tesseract
from fanfold.ocr.words import Row, placed
from tests.unit.ocr.engines import PLENTY, after

PICTURE = Drawing(Image.new("L", (100, 100), 255), 150)


def reading(*words):
    """Give words as (text, height, confidence), side by side."""
    rows = [
        Row(("1", "1"), "1", Word(t, Box(60 * n, 0, 60 * n + 50, h), c))
        for n, (t, h, c) in enumerate(words)
    ]
    return Reading.of(PICTURE, tuple(rows))


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


def looked(found, engine):
    return after("doubtful", found, engine)


def texts(found):
    return [row.word.text for row in found.rows]


def test_a_sure_page_is_not_looked_at_again():
    sure = reading(("word", 26, 90))
    assert looked(sure, Engine()) == sure


def test_looks_end_with_the_first_that_is_sure_and_the_surer_word_counts():
    engine = Engine(reading(("worst", 26, 70)), reading(("best", 26, 85)))
    found = looked(reading(("worse", 26, 60)), engine)
    assert texts(found) == ["best"]
    assert [way.segmentation for way in engine.ways] == [3, 6]


def test_words_of_an_enlarged_look_come_back_in_pixels_of_the_page():
    engine = Engine(reading(("word", 26, 90)))
    found = looked(reading(("w0rd", 13, 60)), engine)
    assert [row.word.box for row in found.rows] == [Box(0, 0, 25, 13)]


def test_what_was_read_stands_when_a_further_look_fails():
    first = reading(("word", 26, 60))
    assert looked(first, Engine(RecognitionFailed())) == first


def test_a_further_look_ends_within_four_fifths_of_the_time():
    task = Task("", "", 1, "eng", "ocr", "tesseract", None, PLENTY, seconds=50, begun=100.0)
    latest = task.last_look - task.begun
    assert latest + latest <= 0.8 * task.seconds


def test_no_reading_begins_too_late():
    with pytest.raises(PageTimeout):
        Tesseract("no tesseract", "eng", until=0.0).read(PICTURE)


def test_no_reading_begins_when_the_page_has_had_its_share_of_cpu():
    with pytest.raises(PageTimeout):
        Tesseract("no tesseract", "eng", cpu=0.0).read(PICTURE)


def test_what_the_first_look_was_sure_of_stands_against_one_other():
    first = reading(("758.5", 26, 78))
    engine = Engine(reading(("7585", 26, 95)))
    assert texts(looked(first, engine)) == ["758.5"]


@pytest.mark.parametrize(
    ("second", "expected"), [("225.7", "225.7"), ("229.7", "228.7")], ids=["agreed", "alone"]
)
def test_a_table_of_small_numbers_is_looked_at_twice_however_sure(second, expected):
    found = reading(*[("228.7", 13, 96)] * 40)
    larger = [
        Reading.of(PICTURE, tuple(placed(reading(*[(said, 13, 96)] * 40).rows, scaled)))
        for said, scaled in (
            ("225.7", lambda box: box.scaled(2)),
            (second, lambda box: box.scaled(1.6)),
        )
    ]
    engine = Engine(*larger)
    assert set(texts(looked(found, engine))) == {expected}
    assert [way.segmentation for way in engine.ways] == [3, 3]


@pytest.mark.parametrize(
    "words",
    [[("7585", 20, 96)] * 40, [("7585", 13, 96)] * 20, [("word", 13, 96)] * 40],
    ids=["large", "few", "letters"],
)
def test_other_sure_pages_are_not(words):
    found = reading(*words)
    assert looked(found, Engine()) == found
