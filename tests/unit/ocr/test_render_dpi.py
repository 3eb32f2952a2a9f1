import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanfold.errors import PixelsExceeded
from fanfold.ocr.picture.drawing import Sheet
from fanfold.ocr.picture.render import LONGEST_SIDE, choose_dpi

A4 = Sheet(595, 842, 0)
BUDGET = 12_000_000


def test_a_drawn_page_is_rendered_at_150_dpi():
    assert choose_dpi(A4, 0, BUDGET) == 150


@pytest.mark.parametrize(
    ("scan", "drawn"),
    [(300, 150), (600, 150), (400, 200), (200, 200), (240, 240), (150, 150), (112, 112)],
)
def test_a_scan_is_drawn_at_a_whole_fraction_of_its_own_resolution(scan, drawn):
    assert choose_dpi(A4, scan, BUDGET) == drawn


@pytest.mark.parametrize(("scan", "drawn"), [(100, 300), (91, 273), (72, 288), (50, 300)])
def test_a_coarse_scan_is_enlarged_by_a_whole_factor(scan, drawn):
    assert choose_dpi(A4, scan, BUDGET) == drawn


def test_a_large_page_gets_the_resolution_that_the_budget_allows():
    assert choose_dpi(Sheet(2160, 2160, 0), 300, BUDGET) == 115


def test_a_page_that_would_be_illegible_within_the_budget_is_refused():
    with pytest.raises(PixelsExceeded):
        choose_dpi(Sheet(2592, 2592, 0), 300, BUDGET)


sides = st.floats(0.01, 200_000)


@given(sides, sides, st.floats(0, 2400))
def test_no_page_exceeds_the_budget_or_the_longest_side(width, height, scan):
    try:
        dpi = choose_dpi(Sheet(width, height, 0), scan, BUDGET)
    except PixelsExceeded:
        return
    assert width / 72 * dpi * height / 72 * dpi <= BUDGET * (1 + 1e-9) or dpi == 1
    assert max(width, height) / 72 * dpi <= LONGEST_SIDE


@pytest.mark.parametrize(("scan", "drawn"), [(1200, 1200), (2400, 800), (300, 300), (0, 300)])
def test_a_small_sheet_is_drawn_as_finely_as_its_scan_allows(scan, drawn):
    card = Sheet(100, 150, 0)
    assert choose_dpi(card, scan, BUDGET) == drawn


@pytest.mark.parametrize(("scan", "drawn"), [(300, 300), (600, 300), (200, 200)])
def test_a_finer_drawing_is_a_whole_fraction_of_the_scan_too(scan, drawn):
    assert choose_dpi(A4, scan, BUDGET, least=250) == drawn
