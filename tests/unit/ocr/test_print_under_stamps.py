"""Black print under bright ink is seen in the channel in which that ink is light."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from fanfold.ocr.picture import overlaid
from tests.data import pictures, prose

FACTOR = 4
"""The small copy of a page of 200 dpi has 50."""


def stamped(colour, place=(200, 160)):
    """Draw a page with a large stamp in a colour that lets through what is under it."""
    page = pictures.page(prose.NOTICE, pictures.A5).convert("RGB")
    stamp = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(stamp)
    pen.text(place, "COPY", fill=colour, font=ImageFont.load_default(220))
    return ImageChops.multiply(page, stamp)


def found(page):
    return overlaid.found(page.reduce(FACTOR))


@pytest.mark.parametrize("colour", ["#e05050", "#5070e0", "#40c060"])
def test_a_stamp_over_print_is_found_and_goes(colour):
    page = stamped(colour)
    assert found(page)
    left = overlaid.lightened(page, FACTOR)
    print_alone = pictures.page(prose.NOTICE, pictures.A5)
    dark = [image.point(lambda v: 255 * (v < 128)) for image in (left, print_alone)]
    lost = ImageChops.subtract(dark[1], dark[0]).histogram()[255]
    added = ImageChops.subtract(dark[0], dark[1]).histogram()[255]
    assert lost + added < 0.1 * dark[1].histogram()[255]


def test_beside_print_it_stays_as_it_is():
    assert not found(stamped("#e05050", (200, 900)))


def test_print_on_coloured_paper_is_no_print_under_a_stamp():
    paper = Image.new("RGB", pictures.A5, "#f0d060")
    page = ImageChops.multiply(pictures.page(prose.NOTICE, pictures.A5).convert("RGB"), paper)
    assert not found(page)


def test_letters_in_a_bright_colour_are_none_either():
    mask = pictures.page(prose.NOTICE, pictures.A5)
    red, white = (Image.new("RGB", mask.size, colour) for colour in ("#d02020", "white"))
    assert not found(Image.composite(white, red, mask))
