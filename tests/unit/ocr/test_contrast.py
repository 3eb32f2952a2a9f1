import pytest
from PIL import Image

from fanfold.ocr.picture import contrast, ink
from tests.data import faint, pictures, prose

DPI = pictures.DPI


@pytest.mark.parametrize("paper", [230, 120, 20])
@pytest.mark.parametrize("deviation", [0, 4, 10])
def test_a_page_of_nothing_but_its_own_noise_is_uniform(paper, deviation):
    assert contrast.uniform(faint.page("", paper, 0, deviation), DPI)


@pytest.mark.parametrize("paper", [230, 120])
@pytest.mark.parametrize(("levels", "deviation"), [(60, 10), (30, 10), (30, 4), (14, 0)])
def test_print_that_stands_out_from_the_noise_is_not(paper, levels, deviation):
    assert not contrast.uniform(faint.page(prose.NOTICE, paper, levels, deviation), DPI)


def test_uneven_light_is_uniform():
    assert contrast.uniform(Image.linear_gradient("L").resize(pictures.A5), DPI)


@pytest.mark.parametrize(
    ("letters", "paper"),
    [("#ffff30", "white"), ("#6e551e", "#c81e1e"), ("white", "#ffee33"), ("#5a5ac8", "#64695a")],
)
def test_print_of_another_colour_and_the_same_brightness_is_hidden_in_grey(letters, paper):
    page = faint.coloured(prose.NOTICE, letters, paper)
    small = contrast.small(page, DPI)
    assert contrast.hidden(small)
    assert not ink.none(ink.measure(contrast.projected(page, DPI), DPI))


@pytest.mark.parametrize("letters", ["black", "#c00000", "#000090", "#606060"])
def test_print_that_grey_shows_is_not_hidden(letters):
    small = contrast.small(faint.coloured(prose.NOTICE, letters, "#fffff0"), DPI)
    assert not contrast.hidden(small)


def test_faint_print_is_projected_as_dark_on_white():
    page = contrast.projected(faint.page(prose.NOTICE, 230, 20), DPI)
    darkest, lightest = page.getextrema()
    assert darkest < 110
    assert lightest == 255
