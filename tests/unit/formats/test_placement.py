import pytest

from fanfold.formats.searchable.placement import matrix
from fanfold.page_boxes import Displayed

DISPLAYED = (0, 0, 200, 100)
"""Twice as wide as high, as it is seen."""


@pytest.mark.parametrize(
    ("rotation", "box", "bottom_left", "top_left"),
    [
        (0, (10, 20, 210, 120), (10, 20), (10, 120)),
        (90, (10, 20, 110, 220), (110, 20), (10, 20)),
        (180, (10, 20, 210, 120), (210, 120), (210, 20)),
        (270, (10, 20, 110, 220), (10, 220), (110, 220)),
    ],
)
def test_corners_of_the_displayed_page_find_their_place(rotation, box, bottom_left, top_left):
    found = matrix(DISPLAYED, Displayed(box, rotation))
    assert found.transform((0, 0)) == pytest.approx(bottom_left)
    assert found.transform((0, 100)) == pytest.approx(top_left)


def test_a_layer_of_another_size_is_stretched_to_the_page():
    found = matrix((0, 0, 419.52, 595.68), Displayed((0, 0, 419.4, 595.44), 0))
    assert found.transform((419.52, 595.68)) == pytest.approx((419.4, 595.44))


def test_a_layer_need_not_begin_at_the_origin():
    found = matrix((50, 60, 250, 160), Displayed((0, 0, 200, 100), 0))
    assert found.transform((50, 60)) == pytest.approx((0, 0))
