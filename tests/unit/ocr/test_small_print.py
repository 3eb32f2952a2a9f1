import pytest
from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.passes import small_print
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

PAGE = Drawing(Image.new("L", (1000, 1400), 255), 150)


def words(count, height, confidence, text="word"):
    word = Word(text, Box(0, 0, 40, height), confidence)
    return [Row(("1", "1"), "1", word)] * count


def finer(*rows):
    return small_print.finer(Reading.of(PAGE, tuple(row for some in rows for row in some)))


def test_small_doubtful_words_want_a_drawing_that_suits_them():
    assert finer(words(100, 16, 95), words(5, 13, 40)) == 2


def test_words_that_are_tiny_do_not_want_more_than_it_can_give():
    assert finer(words(100, 16, 95), words(5, 2, 40)) == 3


@pytest.mark.parametrize(
    "rows",
    [
        words(4, 13, 40),
        words(50, 13, 90),
        words(50, 20, 40),
        words(50, 13, 40, text="~"),
    ],
    ids=["few", "sure", "large", "signs"],
)
def test_other_pages_are_fine_as_they_are(rows):
    assert finer(words(100, 16, 95), rows) == 0


def test_a_long_page_may_have_some():
    assert finer(words(1000, 16, 95), words(9, 13, 40)) == 0


def test_a_page_of_which_nothing_was_read_may_be_too_coarse():
    assert finer(words(9, 9, 30)) == 2
