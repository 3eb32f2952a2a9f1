import pytest
from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.passes import size
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.unit.ocr.engines import PLENTY

PICTURE = Drawing(Image.new("L", (1000, 1000), 255), 150)


def factor(*words, pixels=PLENTY):
    """Return the factor for words given as (text, height, confidence)."""
    rows = [Row(("1", "1"), "1", Word(t, Box(0, 0, 50, h), c)) for t, h, c in words]
    return size.factor(Reading.of(PICTURE, tuple(rows)), pixels)


@pytest.mark.parametrize(("height", "expected"), [(13, 2), (52, 0.5), (25, 1), (28, 1)])
def test_words_are_brought_to_the_height_at_which_they_read_best(height, expected):
    assert factor(*[("word", height, 70)] * 3) == expected


def test_junk_short_words_and_signs_have_no_say_in_that():
    assert factor(("word", 13, 90), *[("x", 99, 90), ("===", 2, 90), ("junk", 50, 20)] * 2) == 2


def test_a_page_without_words_has_no_factor():
    assert factor(("~", 9, 10)) == 0


def test_an_enlarged_page_keeps_to_its_pixels():
    assert factor(("word", 1, 90), pixels=4_000_000) == 2
