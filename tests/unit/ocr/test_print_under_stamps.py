"""Black print under bright ink is seen in the channel in which that ink is light."""

import pytest
from PIL import Image, ImageChops

from fanfold.ocr.picture import overlaid
from tests.data import faint, pictures, prose

FACTOR = 4
"""The small copy of a page of 200 dpi has 50."""


def found(page):
    return overlaid.found(page.reduce(FACTOR))


@pytest.mark.parametrize("colour", ["#e05050", "#5070e0", "#40c060"])
def test_a_stamp_over_print_is_found_and_goes(colour):
    page = faint.stamped(colour)
    assert found(page)
    left = overlaid.lightened(page, FACTOR)
    print_alone = pictures.page(prose.NOTICE, pictures.A5)
    dark = [image.point(lambda v: 255 * (v < 128)) for image in (left, print_alone)]
    lost = ImageChops.subtract(dark[1], dark[0]).histogram()[255]
    added = ImageChops.subtract(dark[0], dark[1]).histogram()[255]
    assert lost + added < 0.1 * dark[1].histogram()[255]


def test_beside_print_it_stays_as_it_is():
    assert not found(faint.stamped("#e05050", (200, 900)))


def test_print_on_coloured_paper_is_no_print_under_a_stamp():
    paper = Image.new("RGB", pictures.A5, "#f0d060")
    page = ImageChops.multiply(pictures.page(prose.NOTICE, pictures.A5).convert("RGB"), paper)
    assert not found(page)


def test_letters_in_a_bright_colour_are_none_either():
    mask = pictures.page(prose.NOTICE, pictures.A5)
    red, white = (Image.new("RGB", mask.size, colour) for colour in ("#d02020", "white"))
    assert not found(Image.composite(white, red, mask))


def test_a_stamp_is_shown_without_what_is_under_it():
    over = overlaid.over(faint.stamped("#e05050"), pictures.DPI)
    alone = overlaid.over(faint.stamped("#e05050", (200, 900)), pictures.DPI)
    moved = ImageChops.offset(alone, 0, 160 - 900)
    changed = ImageChops.difference(over, moved).histogram()[255]
    assert changed < 0.15 * moved.histogram()[0]
