import pytest
from PIL import Image, ImageChops, ImageDraw

from fanfold.ocr.picture import ink
from tests.data import pictures, prose

SIZE = (1000, 1400)


def measured(picture):
    return ink.measure(picture, pictures.DPI)


def test_uneven_light_does_not_count_as_ink():
    shade = Image.linear_gradient("L").resize(SIZE)
    assert measured(shade).getextrema() == (0, 0)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_of_one_colour_has_none(level):
    assert ink.none(measured(Image.new("L", SIZE, level)))


def test_the_noise_of_a_scanner_is_none():
    assert ink.none(measured(pictures.scan("", SIZE)))


@pytest.mark.parametrize("text", ["7", "a", prose.NOTICE])
def test_a_single_letter_is_some(text):
    assert not ink.none(measured(pictures.scan(text, SIZE)))


def test_a_speck_of_dust_is_none():
    page = pictures.scan("", SIZE)
    ImageDraw.Draw(page).ellipse((500, 700, 503, 703), fill=60)
    assert ink.none(measured(page))


def test_light_letters_on_a_dark_page_are_ink():
    page = ImageChops.invert(pictures.page("a", SIZE)).point(lambda level: 90 + level // 2)
    assert ink.none(measured(page))
    assert not ink.none(ink.of(page, pictures.DPI))
