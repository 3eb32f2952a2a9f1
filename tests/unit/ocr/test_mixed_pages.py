import pytest
from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.ways import mixed
from fanfold.ocr.words import Row

PICTURE = Drawing(Image.new("L", (400, 600), 255), 144)


def reading(*words):
    rows = [Row(("1", "1"), "1", Word(t, Box(0, 0, 9, 9), c)) for t, c in words]
    return Reading.of(PICTURE, tuple(rows))


def test_sure_words_are_believed_and_doubtful_ones_left_out():
    found = mixed.words(reading(("PAID", 95), ("2024", 90), ("~i", 30)))
    assert [row.word.text for row in found] == ["PAID", "2024"]


@pytest.mark.parametrize("words", [[], [("PAID", 60), ("junk", 50)], [("a", 95), ("=", 96)]])
def test_letters_seen_in_a_picture_without_text_are_not_believed(words):
    assert mixed.words(reading(*words)) == ()
