"""What viewers find in an invisible layer: poppler's text, and PDFium as Chrome's viewer has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import readback, viewers
from fanfold.formats.searchable import layer_write
from fanfold.geometry import Turn
from fanfold.model import Block, Box, Line, Word

PAGE = Turn(0.0, (600, 800), (600, 800))
GAP, LETTER, HEIGHT = 5, 6, 11
"""Points between words, of a letter's width, and of a line's height."""

DOWN = range(74, 194, 14)
"""Where the lines of a column begin."""

HEBREW = (
    "שלום עולם זהו מסמך בדיקה",
    "המחיר הוא 1,250.00 שקלים חדשים",
    "השפה English מופיעה כאן באמצע",
)
ARABIC = ("السلام عليكم ورحمة الله وبركاته", "في عام 2024 كان السعر 99.5 دينار")


def to_the_left(text: str, top: float) -> Block:
    """Return a line whose first word stands at the right."""
    words, right = [], 540.0
    for word in text.split():
        left = right - LETTER * len(word)
        words.append(Word(word, Box(left, top, right, top + HEIGHT), 90))
        right = left - GAP
    return block(words)


def block(words: list[Word]) -> Block:
    box = Box.around(word.box for word in words)
    return Block((Line(tuple(words), box),), box)


def found(viewer: viewers.Viewer, blocks: list[Block], folder: Path) -> list[str]:
    path = folder / "layer.pdf"
    layer_write.write(path, blocks, PAGE, 1.0)
    (page,) = viewer(path)[:1]
    return [word.text for word in page]


@pytest.mark.parametrize("viewer", [viewers.poppler, viewers.pdfium])
@pytest.mark.parametrize("lines", [HEBREW, ARABIC], ids=["Hebrew", "Arabic"])
def test_text_that_runs_to_the_left_is_found_in_its_order(viewer, lines, tmp_path):
    blocks = [to_the_left(line, 60 + 30 * number) for number, line in enumerate(lines)]
    assert found(viewer, blocks, tmp_path) == " ".join(lines).split()


def test_one_high_word_makes_no_line_higher(tmp_path):
    heights = [8, 8, 16, 8, 8]
    words = [
        Word("word", Box(60 + 40 * n, 76 - height, 90 + 40 * n, 76), 90)
        for n, height in enumerate(heights)
    ]
    path = tmp_path / "layer.pdf"
    layer_write.write(path, [block(words)], PAGE, 1.0)
    (page,) = viewers.pdfium(path)
    seen = [word.box.height for word in page if word.box]
    assert seen == pytest.approx([8 / 0.9] * len(words), abs=0.2)


def test_columns_below_a_heading_are_not_read_across(tmp_path):
    blocks = [
        Block(lines, Box.around(line.box for line in lines))
        for left, words, tops in ((60, 5, [60]), (60, 2, DOWN), (166, 2, DOWN))
        for lines in [tuple(line_at(left, top, words) for top in tops)]
    ]
    assert found(viewers.poppler, blocks, tmp_path) == ["60"] * (5 + 18) + ["166"] * 18


def line_at(left: int, top: int, words: int) -> Line:
    """Return a line whose words say where it begins."""
    made = tuple(
        Word(str(left), Box(left + 48 * n, top, left + 44 + 48 * n, top + 10), 90)
        for n in range(words)
    )
    return Line(made, Box.around(word.box for word in made))


def test_words_are_taken_apart_at_hyphens_only_where_their_parts_are_lacking():
    page = ["inter-", "viewing", "interviewing"]
    assert readback.parted(["interviewing", "interviewing"], page) == page
    assert readback.parted(["interviewing"], ["interviewing"]) == ["interviewing"]
