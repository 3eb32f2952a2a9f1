import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanfold.ocr.document.image_dpi import picture_dpi

A4_AT_300 = (2480, 3508)


@pytest.mark.parametrize("tag", [(300.0, 300.0), (600.0, 600.0), (204.0, 98.0), (150.0, 150.0)])
def test_a_plausible_tag_is_trusted(tag):
    assert picture_dpi(*A4_AT_300, tag) == tag


@pytest.mark.parametrize(
    "tag",
    [None, (0.0, 0.0), (1.0, 1.0), (72.0, 72.0), (96.0, 96.0), (9999.0, 9999.0), (300.0, 1.0)],
)
def test_a_scan_without_a_plausible_tag_is_taken_for_a_letter_sheet(tag):
    across, down = picture_dpi(*A4_AT_300, tag)
    assert across == down == pytest.approx(319, abs=1)


def test_a_tag_of_72_is_trusted_where_the_page_is_no_poster():
    assert picture_dpi(612, 792, (72.0, 72.0)) == (72.0, 72.0)


def test_a_tag_that_makes_a_page_of_less_than_an_inch_is_not_trusted():
    assert picture_dpi(300, 200, (600.0, 600.0)) == (70.0, 70.0)


sides = st.integers(1, 60_000)
values = st.floats(allow_nan=True, allow_infinity=True)


@given(sides, sides, st.none() | st.tuples(values, values))
def test_whatever_the_tag_the_resolution_is_one_that_exists(width, height, tag):
    assert all(70 <= dpi <= 1200 for dpi in picture_dpi(width, height, tag))
