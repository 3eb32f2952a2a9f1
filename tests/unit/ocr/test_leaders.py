"""Rows of dots are painted over before a page on which they were taken for words is read again."""

from __future__ import annotations

import pytest
from PIL import ImageDraw

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.data import pictures
from tests.unit.ocr.engines import Engine, after


def row(text, x, confidence, width=60):
    return Row(("1", "1"), "1", Word(text, Box(x, 300, x + width, 320), confidence))


JUNK = row("eecccccceennceeecenneeee", 200, 30, 500)


def contents(dots):
    page = pictures.page("Barley", pictures.A5)
    pen = ImageDraw.Draw(page)
    for n in range(dots):
        pen.rectangle((200 + 14 * n, 316, 203 + 14 * n, 319), fill=0)
    return Drawing(page, pictures.DPI)


SAID = row("and", 100, 95), row("7", 720, 95)


def read(dots, *known, says=SAID):
    engine = Engine(*says)
    return after("leaders", Reading.of(contents(dots), known), engine), engine


def test_a_row_of_dots_is_painted_over_and_the_rest_read_again():
    found, engine = read(30, row("ANd", 100, 80), JUNK)
    assert [one.word.text for one in found.rows] == ["and", "7"]
    (shown, _), *_ = engine.shown
    assert shown.image.crop((195, 310, 640, 325)).getextrema() == (255, 255)
    assert found.drawing is shown


@pytest.mark.parametrize(
    ("dots", "known"),
    [(7, [row("ANd", 100, 80), JUNK]), (30, [row("and", 100, 95)])],
    ids=["an ellipsis", "a sure page"],
)
def test_other_pages_are_not_read_again(dots, known):
    found, engine = read(dots, *known)
    assert list(found.rows) == known
    assert engine.shown == []


def test_what_is_worse_without_them_is_not_taken():
    known = row("Barley", 100, 96), row("ee", 200, 55, 500)
    found, _ = read(30, *known, says=(row("B", 100, 20),))
    assert found.rows == known
