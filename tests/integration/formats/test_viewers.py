"""What viewers find in an invisible layer: poppler's text, and PDFium as Chrome's viewer has it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bench import readback, viewers
from fanfold.formats.searchable import layer_write
from fanfold.formats.searchable.graft import graft
from fanfold.geometry import Turn
from fanfold.model import Block, BlockKind, Box, Line, Word
from fanfold.ocr.document import image_page

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


def test_a_screen_reader_meets_the_text_of_a_picture_by_what_it_is(tmp_path):
    Image.new("L", (600, 800), 255).save(tmp_path / "a.png", dpi=(72, 72))
    with Image.open(tmp_path / "a.png") as image:
        image_page.wrap(tmp_path / "a.png", image, tmp_path / "a.pdf")
    heading = replace(to_the_right("Harbour", 60), kind=BlockKind.HEADING, level=1)
    layer, target = tmp_path / "layer.pdf", tmp_path / "target.pdf"
    layer_write.write(layer, [heading, to_the_right("Ships", 90)], PAGE, 1.0)
    graft([str(tmp_path / "a.pdf")], {"1": str(layer)}, str(target))
    told = subprocess.run(
        ["pdfinfo", "-struct-text", str(target)], capture_output=True, check=True, text=True
    )
    lines = [line.strip() for line in told.stdout.splitlines()]
    assert lines == ["Document", "Sect", "H1 (block)", '"Harbour "', "P (block)", '"Ships "']


def to_the_right(text: str, top: float) -> Block:
    return block([Word(text, Box(60, top, 60 + LETTER * len(text), top + HEIGHT), 90)])
