from pathlib import Path

import pytest

from fanfold.model import Box, Word
from fanfold.ocr import again
from fanfold.ocr.recognise import Recognition
from fanfold.ocr.render import Drawing
from fanfold.ocr.tsv import Row

PICTURE = Drawing(Path("page.pgm"), 150, 1000, 1000)
PLENTY = 12_000_000


def recognition(*words):
    """Give words as (text, height, confidence)."""
    rows = [Row(("1", "1"), "1", Word(t, Box(0, 0, 50, h), c)) for t, h, c in words]
    return Recognition(tuple(rows))


@pytest.mark.parametrize(("height", "factor"), [(13, 2), (52, 0.5), (25, 1), (28, 1)])
def test_words_are_brought_to_the_height_at_which_they_read_best(height, factor):
    first = recognition(*[("word", height, 70)] * 3)
    assert again.scale(first, PICTURE, PLENTY) == factor


def test_junk_short_words_and_signs_have_no_say_in_that():
    first = recognition(("word", 13, 90), *[("x", 99, 90), ("===", 2, 90), ("junk", 50, 20)] * 2)
    assert again.scale(first, PICTURE, PLENTY) == 2


def test_a_page_without_words_has_no_scale():
    assert again.scale(recognition(("~", 9, 10)), PICTURE, PLENTY) == 0


def test_an_enlarged_page_keeps_to_its_pixels():
    assert again.scale(recognition(("word", 1, 90)), PICTURE, 4_000_000) == 2


def test_more_words_are_worth_more_only_if_they_are_sure():
    few, more = ("word", 20, 80), ("more", 20, 70)
    assert recognition(few, more).worth > recognition(few).worth
    assert recognition(few, ("junk", 20, 30)).worth < recognition(few).worth
    assert recognition().worth == recognition().confidence == 0
