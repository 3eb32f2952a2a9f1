import pytest
from PIL import Image, ImageDraw

from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recognition
from fanfold.ocr.ways import mixed
from fanfold.ocr.words import Row


def block(text, x0, y0, x1, y1):
    box = Box(x0, y0, x1, y1)
    return Block((Line((Word(text, box, 100),), box),), box)


def texts(blocks):
    return [one.lines[0].text for one in blocks]


NATIVE = [
    block("left above", 0, 0, 90, 50),
    block("left below", 0, 100, 90, 150),
    block("right", 110, 0, 200, 50),
]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((0, 60, 90, 90), ["left above", "stamp", "left below", "right"]),
        ((110, 60, 200, 90), ["left above", "left below", "right", "stamp"]),
        ((0, 160, 90, 190), ["left above", "left below", "stamp", "right"]),
        ((0, -20, 200, -5), ["stamp", "left above", "left below", "right"]),
    ],
)
def test_words_of_a_picture_stand_behind_the_text_above_it(box, expected):
    assert texts(mixed.merge(NATIVE, [block("stamp", *box)])) == expected


def recognition(*words):
    rows = [Row(("1", "1"), "1", Word(t, Box(0, 0, 9, 9), c)) for t, c in words]
    return Recognition(tuple(rows))


def test_sure_words_are_believed_and_doubtful_ones_left_out():
    found = mixed.words(recognition(("PAID", 95), ("2024", 90), ("~i", 30)))
    assert [row.word.text for row in found] == ["PAID", "2024"]


@pytest.mark.parametrize("words", [[], [("PAID", 60), ("junk", 50)], [("a", 95), ("=", 96)]])
def test_letters_seen_in_a_picture_without_text_are_not_believed(words):
    assert mixed.words(recognition(*words)) == ()


@pytest.fixture
def drawing(tmp_path):
    """A page with two black boxes, drawn at two pixels per point."""
    image = Image.new("L", (400, 600), 255)
    for box in [(20, 20, 120, 40), (200, 300, 300, 340)]:
        ImageDraw.Draw(image).rectangle(box, fill=0)
    image.save(tmp_path / "page.pgm")
    return Drawing(tmp_path / "page.pgm", 144, 400, 600)


def test_known_words_are_painted_over(drawing):
    rest = mixed.rest(drawing, [Box(10, 10, 60, 20)], scale=0.5)
    with Image.open(rest.path) as image:
        assert image.point(lambda level: 255 - level).getbbox() == (200, 300, 301, 341)


def test_a_page_whose_words_are_all_known_leaves_nothing(drawing):
    known = [Box(10, 10, 60, 20), Box(100, 150, 150, 170)]
    assert mixed.rest(drawing, known, scale=0.5) is None
