import pytest
from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.passes import small_print
from fanfold.ocr.passes.means import Means
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


def fine(text):
    """Return what becomes of three words read at 150 dpi, and a few small ones that are doubtful.

    The look at the finer drawing says ``text`` in the first one's place.
    """

    class Engine:
        def read(self, picture, _way):
            scale = picture.width / PAGE.width
            rows = [
                Row(("1", "1"), "1", Word(said, Box(x, 0, x + 40, 13).scaled(scale), 90))
                for x, said in ((0, text), (100, "legible"), (200, "words"))
            ]
            return Reading.of(picture, tuple(rows))

    rows = [
        Row(("1", "1"), "1", Word(text, Box(x, 0, x + 40, 13), sure))
        for x, text, sure in (
            *((0, FIRST, 95), (100, "leg", 40), (200, "wor", 40), (300, "sure", 95)),
            *((x, "di", 40) for x in range(400, 700, 100)),
        )
    ]
    found = Reading.of(PAGE, tuple(rows))
    means = Means(Engine(), 10**8, lambda factor: PAGE.resized(2000, 2800))
    return [row.word.text for row in small_print.reread(found, means).rows]


FIRST = "758.5"


def test_a_finer_drawing_replaces_no_sure_word_and_loses_none():
    assert fine("7585") == ["758.5", "legible", "words", "sure"]


def test_a_finer_drawing_adds_signs_to_a_sure_word():
    assert fine("$758.5") == ["$758.5", "legible", "words", "sure"]
