"""How much a reading is worth, and how much of it is words."""

from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

PICTURE = Drawing(Image.new("L", (100, 100), 255), 150)


def reading(*words):
    """Give words as (text, confidence)."""
    rows = [Row(("1", "1"), "1", Word(t, Box(0, 0, 50, 20), c)) for t, c in words]
    return Reading.of(PICTURE, tuple(rows))


def test_more_words_are_worth_more_only_if_they_are_sure():
    few, more = ("word", 80), ("more", 70)
    assert reading(few, more).score > reading(few).score
    assert reading(few, ("junk", 30)).score < reading(few).score
    assert reading().score == reading().confidence == 0


def test_letters_are_legible_in_words_that_are_long_enough_and_sure():
    assert reading(("word", 60), ("A4", 95), ("junk", 59), ("~~~", 95)).legible == len("word")
