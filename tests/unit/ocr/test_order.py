"""A line is never read before one that stands above it in its column, whatever was found first."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import order
from bench.ink import Ink
from fanfold.model import Block, Box, Line, Table, Word
from fanfold.ocr.isolation.task import Stopwatch
from fanfold.ocr.structure import downwards
from fanfold.ocr.structure.blocks import ordered
from tests.unit.ocr import layouts
from tests.unit.ocr.layouts import block, line


def said(blocks):
    return [one.text for found in blocks for one in found.lines]


def ids(blocks):
    return sorted(id(word) for one in blocks for each in one.lines for word in each.words)


@pytest.mark.parametrize("layout", layouts.LAYOUTS)
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_lines_come_from_the_top_down_in_each_column_of_ink(layout, seed):
    chance = random.Random(seed)
    page = layout(chance)
    found = ordered(layouts.disturbed(page, chance), Stopwatch())
    lines = [one for each in found for one in each.lines]
    assert not list(order.late(lines, Ink.of(layouts.drawn(page))))
    assert ids(found) == ids(page)


@pytest.mark.parametrize("layout", layouts.LAYOUTS)
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_no_line_is_cut(layout, seed):
    page = layout(random.Random(seed))
    found = ordered(page, Stopwatch())
    assert not list(order.cut([one for each in found for one in each.lines]))


def test_the_check_sees_a_foot_before_what_stands_above_it():
    head, names, prices, foot = layouts.receipt(random.Random(1))
    ink = Ink.of(layouts.drawn([head, names, prices, foot]))
    lines = [one for each in (head, foot, names, prices) for one in each.lines]
    found = list(order.late(lines, ink))
    assert {one.printed for one in found} == {foot.lines[0]}


def test_the_check_lets_columns_follow_each_other():
    page = layouts.columns(random.Random(2))
    lines = [one for each in page for one in each.lines]
    assert not list(order.late(lines, Ink.of(layouts.drawn(page))))


def test_the_check_sees_a_line_in_halves():
    halves = [line(["one", "half"], 40, 0), line(["below"], 40, 1), line(["other"], 84, 0)]
    (found,) = order.cut(halves)
    assert (found.one.text, found.other.text) == ("half", "other")


def test_a_foot_that_was_found_first_comes_last():
    head, names, prices, foot = layouts.receipt(random.Random(3))
    found = downwards.settled([head, foot, names, prices])
    assert said(found) == said([head, names, prices, foot])


def test_what_is_in_order_stays_as_it_is():
    page = layouts.columns(random.Random(4))
    assert downwards.settled(page) == tuple(page)


def test_a_block_that_holds_a_late_line_is_parted_around_it():
    text = layouts.column(random.Random(5), 40, 300, range(4))
    torn = [block([*text.lines[:1], *text.lines[2:]]), block(text.lines[1:2])]
    assert said(downwards.settled(torn)) == said([text])


def test_a_line_in_the_gap_of_another_is_not_in_its_column():
    wide = Line(
        (*line(["left"], 40, 5).words, *line(["right"], 400, 5).words), Box(40, 110, 425, 120)
    )
    between = line(["between"], 200, 0)
    assert said(downwards.settled([block([wide]), block([between])])) == ["left right", "between"]


def test_a_table_is_moved_as_a_whole():
    rows = [line(["1", "2"], 40, 3), line(["3", "4"], 40, 4)]
    table = Block(tuple(rows), Box.around(row.box for row in rows), Table(2, 2, ()))
    above = block([line(["caption"], 40, 1)])
    assert downwards.settled([table, above]) == (above, table)


def test_a_page_of_more_lines_than_people_read_stays_as_it_is():
    words = [Word("x", Box(0, 10.0 * n, 5, 10.0 * n + 8), 90) for n in range(1001)]
    lines = tuple(Line((word,), word.box) for word in reversed(words))
    page = (Block(lines, Box.around(one.box for one in lines)),)
    assert downwards.settled(page) == page
