"""Paragraphs, headings and lists out of lines and their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanfold.model import Block, BlockKind, Box, Line, Word
from fanfold.ocr.structure import headings

LONG = "a line that is as long as the paragraph it stands in and reaches"


def line(text, x=72.0, y=100.0, size=10.0, width=None):
    """Return a line as a text layer has it: every word as high as the font."""
    words = text.split()
    step = (width or 5 * len(text)) / len(words)
    boxes = [Box(x + n * step, y - size, x + (n + 0.9) * step, y) for n in range(len(words))]
    pairs = zip(words, boxes, strict=True)
    return Line(tuple(Word(word, box, 96) for word, box in pairs), Box.around(boxes))


def block(*lines):
    return Block(lines, Box.around(one.box for one in lines))


def told(*blocks, tight=False):
    return [
        (one.kind.value, one.level, " / ".join(line.text for line in one.lines))
        for one in headings.arrange(blocks, tight=tight)
    ]


def text(y, x=72.0, lines=3):
    return block(*(line(LONG, x, y + 12 * n, width=400) for n in range(lines)))


def test_a_short_line_in_larger_type_is_a_heading_and_larger_ones_stand_higher():
    kinds = told(
        block(line("Annual Report", y=60, size=24)),
        block(line("Results", y=90, size=15)),
        text(110),
    )
    assert [kind[:2] for kind in kinds] == [("heading", 1), ("heading", 2), ("paragraph", 0)]


@pytest.mark.parametrize(
    "head",
    [
        line("— 17 —", y=60, size=24),
        line("1,234.50 1,234.50", y=60, size=24),
        line(" ".join(["words"] * 60), y=60, size=24),
        line("and so it goes on,", y=60, size=24),
    ],
)
def test_numbers_whole_paragraphs_and_halves_of_sentences_are_none_however_large(head):
    assert [kind for kind, _, _ in told(block(head), text(110))] == ["paragraph", "paragraph"]


def test_what_nothing_follows_heads_nothing():
    kinds = told(text(60), block(line("CONFIDENTIAL", y=700, size=24)))
    assert [kind for kind, _, _ in kinds] == ["paragraph", "paragraph"]


def test_a_capitalised_line_in_the_middle_above_a_paragraph_is_a_heading():
    kinds = told(block(line("Mutual Non-Disclosure Agreement", x=192, y=60, width=160)), text(90))
    assert kinds[0][:2] == ("heading", 3)


def test_numbered_sections_are_headings_by_how_deep_they_lie():
    kinds = told(block(line("2.3 Methods of Counting", y=60)), text(90))
    assert kinds[0][:2] == ("heading", 2)


def test_ink_of_short_words_does_not_make_a_line_a_heading():
    # "on" has neither ascender nor descender: half as high as the line beside it
    low = [Word("on", Box(72 + 20 * n, 95, 85 + 20 * n, 100), 96) for n in range(5)]
    tall = [Word("light", Box(72 + 20 * n, 105, 85 + 20 * n, 115), 96) for n in range(5)]
    lines = [Line(tuple(words), Box.around(w.box for w in words)) for words in (tall, low)]
    kinds = told(block(lines[0]), *(block(lines[1]) for _ in range(5)), tight=True)
    assert {kind for kind, _, _ in kinds} == {"paragraph"}


def test_numbers_that_stand_alone_join_the_text_beside_them_and_make_a_list():
    kinds = told(
        block(line("1.", x=72, y=100, width=8)),
        block(line("the first", x=90, y=100)),
        block(line("2.", x=72, y=120, width=8)),
        block(line("the second", x=90, y=120), line("goes on", x=90, y=132)),
    )
    assert kinds == [("list_item", 1, "1. the first"), ("list_item", 1, "2. the second / goes on")]


def test_items_of_one_block_come_apart():
    items = [line("• apples and pears", y=100 + 12 * n, width=100 + n) for n in range(3)]
    items.append(line(LONG, y=136, width=400))
    assert [kind for kind, _, _ in told(block(*items[:3]))] == ["list_item"] * 3


def test_a_number_that_no_other_counts_on_is_no_list():
    assert told(block(line("1. January", y=60)), text(90))[0][0] == "paragraph"
    assert told(block(line("– he said", y=60)), text(90))[0][0] == "paragraph"


def test_items_further_in_lie_deeper():
    kinds = told(
        block(line("• fruit", x=72, y=100)),
        block(line("• apples", x=90, y=112)),
        block(line("• bread", x=72, y=124)),
    )
    assert [level for _, level, _ in kinds] == [1, 2, 1]


def test_an_indented_line_after_a_short_one_begins_a_paragraph():
    lines = [
        line(LONG, y=100, width=400),
        line("by association.", y=112, width=150),
        line(LONG, x=84, y=124, width=388),
        line(LONG, y=136, width=400),
    ]
    assert [len(one.lines) for one in headings.arrange([block(*lines)], tight=False)] == [2, 2]


def test_a_paragraph_that_layout_cut_in_two_is_whole_again():
    first, second = text(100), text(136)
    assert len(headings.arrange([first, second], tight=False)) == 1


def test_a_small_letter_goes_on_where_lines_are_ragged_and_wide_apart():
    first = block(line(LONG, y=100, width=400), line("to the ferry,", y=118, width=150))
    second = block(line("which leaves", y=136, width=100), line(LONG, y=154, width=400))
    assert len(headings.arrange([first, second], tight=False)) == 1


@pytest.mark.parametrize(
    "second",
    [
        text(170),
        block(line(LONG, x=300, y=136, width=400), line(LONG, x=300, y=148, width=400)),
        block(line("1. " + LONG, y=136, width=400), line(LONG, y=148, width=400)),
        block(line(LONG, y=136, size=14, width=400), line(LONG, y=150, size=14, width=400)),
    ],
)
def test_what_is_apart_beside_numbered_or_larger_stays_apart(second):
    assert len(headings.arrange([text(100), second], tight=False)) == 2


def test_a_page_without_words_has_no_structure():
    assert headings.arrange([], tight=True) == ()


edges = st.floats(0, 1000, allow_nan=False)
boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), edges, edges, st.floats(0, 300), st.floats(0, 90)
)
words = st.builds(Word, st.text(min_size=1), boxes, st.floats(0, 100))
lines = st.lists(words, min_size=1, max_size=4).map(
    lambda found: Line(tuple(found), Box.around(word.box for word in found))
)


@given(st.lists(st.lists(lines, min_size=1, max_size=4), max_size=8), st.booleans())
def test_no_word_is_lost_changed_or_moved(paragraphs, tight):
    blocks = [block(*one) for one in paragraphs]
    before = [word for one in blocks for line in one.lines for word in line.words]
    found = headings.arrange(blocks, tight=tight)
    assert [word for one in found for line in one.lines for word in line.words] == before
    assert all((one.level > 0) == (one.kind is not BlockKind.PARAGRAPH) for one in found)
