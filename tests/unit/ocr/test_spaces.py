import pytest
from PIL import Image, ImageDraw

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.unit.ocr.engines import Engine, after

HEIGHT, LETTER, NARROW = 30, 20, 3
"""Pixels: of a letter, and of the gap between two that belong together."""


def read(text, *gaps, off=0):
    """Draw bars with gaps between them as letters; return what becomes of them, read as a text."""
    image = Image.new("L", (400, 60), 230)
    pen, x = ImageDraw.Draw(image), 10
    for gap in (*gaps, 0):
        pen.rectangle((x, 10, x + LETTER - 1, 10 + HEIGHT - 1), fill=20)
        x += LETTER + gap
    word = Word(text, Box(10 + off, 10, x + off, 10 + HEIGHT), 90)
    found = Reading.of(Drawing(image, 150), (Row(("1", "0"), "1", word),))
    return after("run-together", found, Engine()).rows


def texts(rows):
    return [row.word.text for row in rows]


def test_a_number_and_a_letter_with_a_space_between_them_are_two_words():
    found = read("13A", NARROW, 12)
    assert texts(found) == ["13", "A"]
    (left, right) = (row.word.box for row in found)
    assert (left.x0, left.x1) == (10, 10 + 2 * LETTER + NARROW)
    assert (right.x0, right.x1) == (left.x1 + 12, left.x1 + 12 + LETTER)
    assert {(row.line, row.word.confidence) for row in found} == {("1", 90)}


def test_so_are_a_letter_and_a_number():
    assert texts(read("No7", NARROW, 12)) == ["No", "7"]


@pytest.mark.parametrize(
    ("text", "gaps", "why"),
    [
        ("13A", (NARROW, 7), "too narrow for a space"),
        ("13A", (8, 12), "all letters stand far apart, as on a typewriter"),
        ("13A", (12, NARROW), "not where the letter begins"),
        ("13A", (0, 0), "no gap at all"),
        ("3A", (12,), "no other gap to compare with"),
        ("B2B", (NARROW, 12), "more borders than one"),
        ("abc", (NARROW, 12), "no number"),
    ],
)
def test_what_belongs_together_stays_together(text, gaps, why):
    assert texts(read(text, *gaps)) == [text], why


@pytest.mark.parametrize("off", [-500, 390, 500])
def test_a_word_that_reaches_beyond_the_picture_is_left_alone(off):
    assert texts(read("13A", NARROW, 12, off=off)) == ["13A"]
