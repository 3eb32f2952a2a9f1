"""Dots that recognition saw nothing in: three in a row are an ellipsis, other spots are none."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from fanfold.model import Box, Word
from fanfold.ocr.passes import blobs
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.unit.ocr.engines import Engine, after

DPI, SIZE = 200, (1000, 800)
LAST = Row(("1", "1"), "1", Word("fin", Box(100, 100, 400, 130), 95.0))


def disc(pen, x, y, width=6):
    pen.ellipse((x, y, x + width, y + width), fill=20)


def row(pen, x, y, count=3, step=18):
    for number in range(count):
        disc(pen, x + number * step, y)


def slash(pen, x, y):
    pen.line((x, y + 6, x + 9, y - 22), fill=20, width=2)


def read(draw, rows=(LAST,)):
    """Draw on a page and return the words that come after ``fin``, which was read."""
    image = Image.new("L", SIZE, 230)
    draw(ImageDraw.Draw(image))
    found = after("ellipses", Reading.of(Drawing(image, DPI), rows), Engine())
    return [one.word for one in found.rows if one not in rows]


def test_three_dots_are_an_ellipsis():
    (word,) = read(lambda pen: row(pen, 600, 700))
    assert word.text == "..."
    assert word.box == Box(600, 700, 643, 707)


def test_dots_around_a_slash_are_one_word():
    def turn(pen):
        row(pen, 600, 700)
        slash(pen, 648, 700)
        row(pen, 672, 700)

    (word,) = read(turn)
    assert word.text == ".../..."
    assert word.box == Box(600, 700, 715, 707)


def test_threes_that_stand_apart_are_two_words():
    def two(pen):
        row(pen, 100, 700)
        row(pen, 600, 700)

    assert [word.text for word in read(two)] == ["...", "..."]


@pytest.mark.parametrize("count", [1, 2, 4, 6, 7, 12, 30])
def test_rows_of_any_other_length_are_none(count):
    assert read(lambda pen: row(pen, 100, 700, count)) == []


def test_uneven_spots_are_dust():
    def dust(pen):
        disc(pen, 600, 700)
        disc(pen, 618, 700)
        disc(pen, 648, 700)

    assert read(dust) == []


def test_spots_of_another_size_are_dust():
    def dust(pen):
        disc(pen, 600, 700)
        disc(pen, 618, 698, 11)
        disc(pen, 640, 700)

    assert read(dust) == []


def test_spots_that_climb_are_dust():
    assert read(lambda pen: [disc(pen, 600 + 18 * n, 700 - 9 * n) for n in range(3)]) == []


def test_dashes_are_no_dots():
    def dashes(pen):
        for number in range(3):
            pen.rectangle((600 + 24 * number, 700, 611 + 24 * number, 703), fill=20)

    assert read(dashes) == []


def test_what_was_read_is_not_read_again():
    dots = Row(("1", "2"), "1", Word("...", Box(600, 690, 645, 710), 80.0))
    assert read(lambda pen: row(pen, 600, 700), (LAST, dots)) == []


def test_a_page_full_of_spots_holds_none():
    def halftone(pen):
        for y in range(200, 700, 24):
            row(pen, 100, y, 3)
            row(pen, 400, y, 3)
            row(pen, 700, y, 3)

    assert read(halftone) == []


def test_dots_that_touch_the_edge_are_read_where_they_are():
    assert [w.text for w in read(lambda pen: row(pen, 0, 0), ())] == ["..."]


def test_spots_hang_together_across_corners():
    picture = Image.new("L", (6, 4))
    for place in ((0, 0), (1, 1), (5, 3)):
        picture.putpixel(place, 255)
    found = sorted((blob.box.x0, blob.area) for blob in blobs.of(picture))
    assert found == [(0, 2), (5, 1)]


def test_a_spot_does_not_go_on_in_the_next_row():
    picture = Image.new("L", (5, 3))
    picture.putpixel((4, 0), 255)
    picture.putpixel((0, 1), 255)
    assert len(list(blobs.of(picture))) == 2
