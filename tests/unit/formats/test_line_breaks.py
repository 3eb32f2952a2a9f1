"""Which ends of lines Markdown keeps: those that somebody meant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from fanfold.formats import breaks, markdown
from fanfold.model import Block, Box, Line, Page, Source, Word

CHARACTER, HEIGHT, PITCH = 5.0, 10.0, 12.0


def line(text, number, left=50.0):
    """Set a line in type of 10 points, every character 5 points wide; blanks in a row stay."""
    words, x = [], left
    for piece in text.split(" "):
        width = CHARACTER * len(piece)
        if piece:
            words.append(
                Word(piece, Box(x, 100 + PITCH * number, x + width, 110 + PITCH * number), 90)
            )
        x += width + CHARACTER
    edges = words[0].box, words[-1].box
    return Line(tuple(words), Box(edges[0].x0, edges[0].y0, edges[1].x1, edges[1].y1))


def block(*texts):
    lines = tuple(line(text, number) for number, text in enumerate(texts))
    right = max(one.box.x1 for one in lines)
    return Block(lines, Box(50, 100, right, lines[-1].box.y1))


PROSE = (
    "Running text goes on to the next line where a word does",
    "not fit any more, and nobody meant anything by the ends",
    "of its lines: they depend on how wide the paper is, and",
    "on extraordinarily long words, which leave a little",
    "counterproductive room.",
)
ADDRESS = ("Fanfold Ltd", "14 Paper Street", "Bindery Quarter, Leipzig and elsewhere", "Saxony")
ROWS = ("Paper, white          200      4.00", "Paper, grey            15      0.45")


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (PROSE, 1),
        (ADDRESS, 4),
        (ROWS, 2),
        (("a full line of text that is quite long but un-", "broken"), 1),
        (("one line",), 1),
    ],
)
def test_lines_end_where_that_was_meant(texts, parts):
    assert len(list(breaks.parts(block(*texts)))) == parts


def test_meant_ends_are_line_breaks_in_markdown_and_nothing_is_lost():
    page = Page(1, 595, 842, Source.OCR, "", (block(*ADDRESS),))
    inline = MarkdownIt("commonmark").parse(markdown.page(page))[2]
    assert [child.content for child in inline.children if child.type == "text"] == list(ADDRESS)
    assert [child.type for child in inline.children].count("hardbreak") == 3


def test_lines_that_run_down_the_page_are_one_text():
    page = Page(1, 595, 842, Source.OCR, "", (block(*ADDRESS),))
    assert " ".join(ADDRESS) in markdown.page(replace(page, orientation=90))
