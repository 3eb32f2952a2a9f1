import pytest
from pikepdf import Array, Dictionary, Name, Page

from fanfold.formats.searchable.placement import matrix, visible_box

DISPLAYED = (0, 0, 200, 100)
"""Twice as wide as high, as it is seen."""


@pytest.mark.parametrize(
    ("rotation", "visible", "bottom_left", "top_left"),
    [
        (0, (10, 20, 210, 120), (10, 20), (10, 120)),
        (90, (10, 20, 110, 220), (110, 20), (10, 20)),
        (180, (10, 20, 210, 120), (210, 120), (210, 20)),
        (270, (10, 20, 110, 220), (10, 220), (110, 220)),
        (-90, (10, 20, 110, 220), (10, 220), (110, 220)),
        (450, (10, 20, 110, 220), (110, 20), (10, 20)),
        (45, (10, 20, 210, 120), (10, 20), (10, 120)),
    ],
)
def test_corners_of_the_displayed_page_find_their_place(rotation, visible, bottom_left, top_left):
    found = matrix(DISPLAYED, visible, rotation)
    assert found.transform((0, 0)) == pytest.approx(bottom_left)
    assert found.transform((0, 100)) == pytest.approx(top_left)


def test_a_layer_of_another_size_is_stretched_to_the_page():
    found = matrix((0, 0, 419.52, 595.68), (0, 0, 419.4, 595.44), 0)
    assert found.transform((419.52, 595.68)) == pytest.approx((419.4, 595.44))


def test_a_layer_need_not_begin_at_the_origin():
    found = matrix((50, 60, 250, 160), (0, 0, 200, 100), 0)
    assert found.transform((50, 60)) == pytest.approx((0, 0))


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ({"MediaBox": [0, 0, 100, 200]}, (0, 0, 100, 200)),
        ({"MediaBox": [100, 200, 0, 0]}, (0, 0, 100, 200)),
        ({"MediaBox": [0, 0, 100, 200], "CropBox": [10, 20, 50, 60]}, (10, 20, 50, 60)),
        ({"MediaBox": [0, 0, 100, 200], "CropBox": [-50, 50, 60, 900]}, (0, 50, 60, 200)),
        ({"MediaBox": [0, 0, 100, 200], "CropBox": [300, 300, 400, 400]}, (0, 0, 100, 200)),
        ({"MediaBox": [0, 0, 100, 200], "CropBox": [7, 7, 7, 7]}, (0, 0, 100, 200)),
        ({"MediaBox": [0, 0, 0, 0]}, (0, 0, 612, 792)),
        ({"MediaBox": [Name.a, Name.b, Name.c, Name.d]}, (0, 0, 612, 792)),
        ({}, (0, 0, 612, 792)),
    ],
)
def test_what_is_displayed_is_the_crop_box_within_the_media_box(boxes, expected):
    leaf = Dictionary(Type=Name.Page)
    for name, edges in boxes.items():
        leaf[f"/{name}"] = Array(edges)
    assert visible_box(Page(leaf)) == expected
