"""Drawing a page, with pdf2image and directly: the same picture, and the same errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fanfold.errors import OutOfMemory, RenderFailed
from fanfold.ocr.layer import sheet
from fanfold.ocr.picture import render
from tests.data import pdfs, prose

DPI = 50
WAYS = (render.draw, render.draw_directly)


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,), (0, 0, 300, 200))))
    return path


@pytest.fixture
def drawn(page, tmp_path):
    """Draw the page in a way, with programs of a folder."""

    def draw(way, poppler=None):
        (folder := tmp_path / "drawn").mkdir(exist_ok=True)
        return way(str(page), poppler, sheet.look(str(page)).sheet, DPI, folder)

    return draw


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder with the real programs of poppler, to be replaced."""
    (folder := tmp_path / "programs").mkdir()
    for name in ("pdfinfo", "pdftoppm"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def stand_in(path: Path, body: str) -> None:
    path.unlink()
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_both_ways_draw_the_same_picture(drawn):
    pictures = [drawn(way).image for way in WAYS]
    assert pictures[0] == pictures[1]
    assert pictures[0].mode == "L"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("echo 'Out of memory' >&2; exit 1", OutOfMemory),
        ("kill -KILL $$", OutOfMemory),
        ("echo 'Syntax Error: no page' >&2; exit 0", RenderFailed),
    ],
    ids=["says it has no memory", "is killed", "goes on after an error"],
)
def test_what_poppler_ends_with_is_heard(drawn, programs, way, body, error):
    stand_in(programs / "pdftoppm", body)
    with pytest.raises(error):
        drawn(way, str(programs))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "picture", ["P5 1 1 255\\nx", "P5 208 139 255\\nx"], ids=["of one pixel", "that is not whole"]
)
def test_a_drawing_that_is_none_is_not_taken_for_the_page(drawn, programs, tmp_path, way, picture):
    target = tmp_path / "drawn" / "page.pgm"
    stand_in(programs / "pdftoppm", f"printf '{picture}' > {target}")
    with pytest.raises(RenderFailed):
        drawn(way, str(programs))


@pytest.mark.parametrize("body", ["exit 1", "echo 'Pages: 0'", "echo 'Pages: many'"])
def test_a_page_is_drawn_whatever_pdfinfo_says_of_it(drawn, programs, body):
    stand_in(programs / "pdfinfo", body)
    assert drawn(render.draw, str(programs)).image.getbbox()


def test_a_page_is_drawn_where_there_is_no_pdfinfo(drawn, programs):
    (programs / "pdfinfo").unlink()
    assert drawn(render.draw, str(programs)).image.getbbox()


def test_a_drawing_that_was_there_before_is_not_taken_for_the_page(drawn, programs):
    drawn(render.draw)
    stand_in(programs / "pdftoppm", "exit 0")
    with pytest.raises(RenderFailed):
        drawn(render.draw, str(programs))
