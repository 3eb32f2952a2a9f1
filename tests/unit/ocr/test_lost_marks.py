"""Dashes before items of a list: those that were not read, but are there, are put back."""

from __future__ import annotations

from PIL import Image, ImageDraw

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.unit.ocr.engines import Engine, after

DASH = (40, 55)
"""Where dashes begin and end; texts begin at 80."""

TOP, PITCH = 20, 40


def item(number, *words, left=80):
    """Give the rows of a line: words are 60 pixels wide and 20 high; a dash 15 and 3."""
    y = TOP + PITCH * number
    rows = []
    for word in words:
        box = (
            Box(DASH[0], y + 9, DASH[1], y + 12) if word == "-" else Box(left, y, left + 60, y + 20)
        )
        left += 0 if word == "-" else 80
        rows.append(Row(("1", "1"), str(number), Word(word, box, 90)))
    return rows


def drawn(rows, other=None):
    """Give what was read of five lines with dashes, which ``other`` draws otherwise by number."""
    image = Image.new("L", (400, 240), 230)
    pen = ImageDraw.Draw(image)
    for number in range(5):
        x, y, right, bottom = DASH[0], TOP + PITCH * number + 9, DASH[1], 11
        ink = (x, y, right, y + bottom - 9)
        pen.rectangle((other or {}).get(number, ink), fill=20)
    return Reading.of(Drawing(image, 200), tuple(rows))


def completed(rows, other=None):
    return after("marks", drawn(rows, other), Engine())


def texts(found):
    lines = {}
    for row in found.rows:
        lines.setdefault(row.line, []).append(row.word.text)
    return [" ".join(words) for words in lines.values()]


LIST = [
    *item(0, "-", "coats"),
    *item(1, "umbrellas"),
    *item(2, "-", "books", "and"),
    *item(3, "-", "maps"),
    *item(4, "prints"),
]


def test_lost_dashes_come_back_where_their_ink_is():
    found = completed(LIST)
    assert texts(found) == ["- coats", "- umbrellas", "- books and", "- maps", "- prints"]
    dash = found.rows[2].word
    assert dash.box == Box(40, 69, 56, 72)
    assert found.rows[2].paragraph == ("1", "1")


def test_nothing_comes_where_there_is_no_ink_or_ink_of_another_size():
    blank, bar = (395, 0, 396, 1), (40, 170, 55, 210)
    found = completed(LIST, {1: blank, 4: bar})
    assert texts(found) == ["- coats", "umbrellas", "- books and", "- maps", "prints"]


def test_what_was_read_of_the_ink_stands():
    lone = Row(("2", "1"), "9", Word("—", Box(40, 69, 56, 72), 50))
    found = completed((*LIST, lone))
    assert texts(found)[1] == "umbrellas"


def test_lines_that_begin_elsewhere_are_no_items():
    rows = (*LIST[:2], *item(1, "heading", left=140), *LIST[3:])
    assert "heading" in texts(completed(rows))


def test_two_dashes_make_no_list():
    found = drawn((*item(0, "-", "coats"), *item(1, "umbrellas"), *item(2, "-", "books")))
    assert after("marks", found, Engine()) == found
