"""Pages that lie on their side, stand on their head or are skewed."""

from __future__ import annotations

import re
import subprocess
from math import cos, radians, sin
from pathlib import Path

import pytest
from PIL import Image

from fanfold.model import Box
from fanfold.ports import Reading
from tests.data import pdfs, pictures, prose

TEXT = prose.NOTICE
SCAN = pictures.scan(TEXT, pictures.A5)
_WORD = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>')


@pytest.fixture
def read_turned(read, tmp_path):
    """Read the scan turned clockwise by an angle."""

    def read_turned(angle: float) -> Reading:
        turned = SCAN.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=235)
        pdf = pdfs.new()
        pdfs.add_picture(pdf, turned)
        path = tmp_path / "page.pdf"
        path.write_bytes(pdfs.save(pdf))
        return read(path)

    return read_turned


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
    reading = read_turned(angle)
    page, found = reading.page, middles(searchable(reading.layer))
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
    upright: Reading, width: float, height: float, angle: float
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
