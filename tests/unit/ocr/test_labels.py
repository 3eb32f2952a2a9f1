"""Labels and the values beside them are read in rows; columns of text and lists are not."""

from __future__ import annotations

import pytest

from fanfold.ocr.structure import labels
from tests.unit.ocr.layouts import block, line

VALUES = ["Thistlewood Brothers, Leith", "forty sacks of barley", "after the crane"]


def said(blocks):
    return [one.text for found in blocks for one in found.lines]


def column(texts, left, step, start=0.0):
    return block([line(text.split(), left, start + step * n) for n, text in enumerate(texts)])


@pytest.mark.parametrize(
    ("names", "step"),
    [(["Sender:", "Goods:", "Berth:"], 1), (["Sender", "Goods", "Berth"], 3)],
    ids=["colons", "far apart"],
)
@pytest.mark.parametrize("turned", [False, True], ids=["labels first", "values first"])
def test_values_stand_in_the_lines_of_their_labels(names, step, turned):
    page = [column(names, 40, step), column(VALUES, 150, step, 0.1)]
    found = labels.paired(page[::-1] if turned else page)
    assert said(found) == [" ".join(pair) for pair in zip(names, VALUES, strict=True)]


def test_what_stands_around_them_stays_where_it_is():
    page = [
        column(["Bill of lading", "Sender:", "Goods:", "Berth:", "Signed for the master"], 40, 2),
        column(VALUES, 150, 2, 2),
    ]
    assert said(labels.paired(page)) == [
        "Bill of lading",
        *(f"{a} {b}" for a, b in zip(["Sender:", "Goods:", "Berth:"], VALUES, strict=True)),
        "Signed for the master",
    ]


def test_a_label_without_a_value_stands_alone():
    names = ["Sender:", "Goods:", "Weight:", "Berth:"]
    values = block([line(v.split(), 150, r) for v, r in zip(VALUES, (0, 2, 6), strict=True)])
    found = said(labels.paired([column(names, 40, 2), values]))
    assert found == [
        f"Sender: {VALUES[0]}", f"Goods: {VALUES[1]}", "Weight:", f"Berth: {VALUES[2]}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "step"),
    [
        (["Bill to", "Anna Smith", "1 Long Road"], ["Ship to", "Mary Jones", "2 High Street"], 1),
        (["1. apples", "2. pears", "3. plums"], ["4. nuts", "5. figs", "6. dates"], 3),
        (["in the lull between the raids of his"] * 6, ["father and those of his sons who"] * 6, 3),
        (["Sender:", "Goods:", "Berth:"], VALUES[:2], 2),
    ],
    ids=["addresses", "lists", "text", "two pairs"],
)
def test_columns_stay_columns(left, right, step):
    page = (column(left, 40, step), column(right, 260, step))
    assert labels.paired(page) == page
