"""Pages that lie on their side, stand on their head or are skewed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

import pytest
from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.picture import skew, turn
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import reading, upright
from fanfold.ocr.words import Row
from fanfold.ports import PageRead
from tests.data import pdfs, pictures, prose

TEXT = prose.NOTICE
PLENTY = 12_000_000
SCAN = pictures.scan(TEXT, pictures.A5)
_WORD = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>')


@pytest.fixture
def read_turned(read, tmp_path):
    """Read the scan turned clockwise by an angle."""

    def read_turned(angle: float) -> PageRead:
        turned = SCAN.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=235)
        pdf = pdfs.new()
        pdfs.add_picture(pdf, turned)
        path = tmp_path / "page.pdf"
        path.write_bytes(pdfs.save(pdf))
        return read(path)

    return read_turned


@dataclass
class Scripted:
    """A reader that says what it is told; its ``tesseract`` tells which side is up."""

    tesseract: str | None
    said: Iterator[list[Row]]

    def read(self, picture: Drawing) -> reading.Reading:
        return reading.Reading.of(picture, tuple(next(self.said)))


def middles(words: list[tuple[str, Box]]) -> dict[str, tuple[float, float]]:
    """Return where words stand that occur once."""
    texts = [text for text, _ in words]
    return {
        text: ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        for text, box in words
        if texts.count(text) == 1
    }


def searchable(layer: Path) -> list[tuple[str, Box]]:
    command = ["pdftotext", "-bbox", layer, "-"]
    found = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [(word[5], Box(*map(float, word.groups()[:4]))) for word in _WORD.finditer(found)]


@pytest.mark.parametrize(
    ("angle", "orientation"),
    [(90, 270), (180, 180), (270, 90), (-14, 0), (5, 0), (95, 270), (176, 180), (-80, 90)],
)
def test_a_page_is_read_however_it_lies_and_its_words_stand_where_the_eye_finds_them(
    read_turned, angle, orientation
):
    upright, turned = read_turned(0), read_turned(angle)
    page = turned.page

    assert [word.text for word in page.words] == TEXT.split()
    assert page.orientation == orientation
    assert abs((page.orientation + page.skew + angle + 180) % 360 - 180) <= 0.5
    places = middles([(word.text, word.box) for word in page.words])
    for text, place in expected(upright, page.width, page.height, angle).items():
        assert places[text] == pytest.approx(place, abs=3), text


@pytest.mark.parametrize("angle", [90, 180, 270, 7, -14])
def test_the_invisible_layer_is_turned_with_the_page(read_turned, angle):
    turned = read_turned(angle)
    page, found = turned.page, middles(searchable(turned.layer))
    places = middles([(word.text, word.box) for word in page.words])
    both = set(found) & set(places)
    assert both == set(places)
    for text in both:
        assert found[text] == pytest.approx(places[text], abs=6), text


def test_the_invisible_text_of_a_page_that_is_a_little_skewed_comes_out_in_order(read_turned):
    layer = read_turned(2).layer
    found = subprocess.run(["pdftotext", layer, "-"], capture_output=True, check=True).stdout
    assert found.decode().split() == TEXT.split()


def test_a_straight_page_is_not_turned(read_turned):
    page = read_turned(0).page
    assert (page.orientation, page.skew) == (0, 0)


def expected(
    upright: PageRead, width: float, height: float, angle: float
) -> dict[str, tuple[float, float]]:
    """Turn the middles of the upright page's words clockwise around the page's middle."""
    page, a = upright.page, radians(angle)
    found = middles([(word.text, word.box) for word in page.words])
    places = {}
    for text, (x, y) in found.items():
        dx, dy = x - page.width / 2, y - page.height / 2
        places[text] = (
            width / 2 + cos(a) * dx - sin(a) * dy,
            height / 2 + sin(a) * dx + cos(a) * dy,
        )
    return places


def test_a_skewed_page_on_grey_paper_is_read(read, tmp_path):
    grey = SCAN.point(lambda level: level * 0.55)
    photo = grey.rotate(6, Image.Resampling.BICUBIC, expand=True, fillcolor=130)
    pdf = pdfs.new()
    pdfs.add_picture(pdf, photo)
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    page = read(path).page
    assert page.skew == pytest.approx(6, abs=0.5)
    assert [word.text for word in page.words] == TEXT.split()


def test_light_letters_on_a_coloured_page_are_read(read, tmp_path):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.page(TEXT, pictures.A5).point(lambda level: 250 - level * 0.5))
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    page = read(path).page
    assert [word.text for word in page.words] == TEXT.split()


def test_of_two_turns_that_are_gibberish_the_one_with_words_counts():
    junk = [Row(("1", "1"), "1", Word("some", Box(0, 0, 9, 9), 70.0))]
    junk += [Row(("1", "1"), "1", Word("gibberish", Box(0, 0, 9, 9), 1.0))] * 9
    fewer = [Row(("1", "1"), "1", Word("swos", Box(0, 0, 9, 9), 1.0))]
    reader = Scripted(shutil.which("tesseract"), iter([junk, fewer]))
    drawing = turn.turned(Drawing(SCAN.convert("L"), pictures.DPI), 180, PLENTY)[0]
    found = upright.read(drawing, reader, PLENTY)
    assert found.orientation == 0
    assert next(reader.said, None) is None


def test_words_that_run_down_the_turned_picture_are_no_upright_ones():
    drawing = Drawing(SCAN.convert("L").rotate(90, expand=True), pictures.DPI)
    down = [Row(("1", "1"), "1", Word("letters", Box(0, 0, 20, 90), 95.0))]
    across = [Row(("1", "1"), "1", Word("letters", Box(0, 0, 90, 20), 95.0))]
    reader = Scripted(shutil.which("tesseract"), iter([down, down, across]))
    assert skew.measure(drawing.ink).lying
    assert upright.read(drawing, reader, PLENTY).orientation == 0
