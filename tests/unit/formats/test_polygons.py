"""Polygons are what upright boxes were drawn around."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fanfold.formats import polygons
from fanfold.geometry import Turn
from fanfold.model import Box
from tests.unit.formats.builders import page

WORD = Box(200, 300, 320, 315)
"""A word of the page as it was read: upright."""


@pytest.mark.parametrize("orientation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 1.3, -7.0, 15.9])
def test_a_word_of_a_page_that_was_turned_lies_as_it_was_printed(orientation, skew):
    angle = orientation + skew
    turn = Turn(angle, (1000, 1000), (1200, 1200)) if angle else Turn.none((1000, 1000))
    sheet = replace(page(1), width=1000, height=1000, orientation=orientation, skew=skew)
    read = [(WORD.x0, WORD.y0), (WORD.x1, WORD.y0), (WORD.x1, WORD.y1), (WORD.x0, WORD.y1)]
    printed = [turn.undone(x, y) for x, y in read]
    found = polygons.corners(turn.undo(WORD), sheet)
    assert [x for x, _ in found] == pytest.approx([x for x, _ in printed], abs=1e-6)
    assert [y for _, y in found] == pytest.approx([y for _, y in printed], abs=1e-6)


def test_a_box_that_holds_no_such_rectangle_is_its_own_polygon():
    sheet = replace(page(1), orientation=0, skew=10.0)
    cut_off = Box(0, 0, 100, 2)
    found = [edge for corner in polygons.corners(cut_off, sheet) for edge in corner]
    assert found == pytest.approx([0, 0, 100, 0, 100, 2, 0, 2])
