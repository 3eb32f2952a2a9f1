import pytest

from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.structure.merge import merged


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
    assert texts(merged(NATIVE, [block("stamp", *box)])) == expected


def test_what_stands_below_the_head_of_a_page_and_beside_it_comes_behind_that():
    head = [block("date", 0, 0, 40, 10), block("title", 60, 0, 100, 10), *NATIVE[1:]]
    logo = block("logo", 42, 20, 58, 40)
    assert texts(merged(head, [logo]))[:3] == ["date", "title", "logo"]
