"""Pages whose text layer says one part, and a picture on them another."""

from __future__ import annotations

import subprocess

import pytest
from PIL import Image

from fanfold.errors import DiskFull, OutOfMemory
from fanfold.model import Mode, Source
from tests.data import pdfs, pictures, prose

FIGURE = "The lantern turns once in every ninety seconds"
SIZE = (1200, 500)


@pytest.fixture
def with_figure(tmp_path):
    """Write a born-digital page with a picture at its lower left."""

    def write(picture):
        pdf = pdfs.new()
        pdfs.add_text(pdf, prose.NOTICE)
        pdfs.put_figure(pdf, picture)
        path = tmp_path / "page.pdf"
        path.write_bytes(pdfs.save(pdf))
        return path

    return write


def texts(page):
    return [word.text for word in page.words]


def test_words_of_a_figure_follow_the_text_and_are_there_once(read, with_figure):
    reading = read(with_figure(pictures.page(FIGURE, SIZE)))
    page = reading.page
    assert page.source is Source.MIXED
    assert texts(page) == prose.NOTICE.split() + FIGURE.split()
    seen = next(word for word in page.words if word.text == "lantern")
    assert 842 - 50 - SIZE[1] * pdfs.POINTS_PER_PIXEL < seen.box.y0 < 842 - 50
    layer = subprocess.run(["pdftotext", reading.layer, "-"], capture_output=True, check=True)
    assert layer.stdout.decode().split() == FIGURE.split()


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.NATIVE])
def test_a_figure_without_words_leaves_the_page_native(read, with_figure, mode):
    reading = read(with_figure(Image.radial_gradient("L").resize(SIZE)), mode)
    assert (reading.page.source, reading.layer) == (Source.NATIVE, None)
    assert texts(reading.page) == prose.NOTICE.split()


def test_a_figure_that_cannot_be_read_costs_the_page_nothing(read, with_figure, stand_in):
    broken = stand_in("exit 3")
    page = read(with_figure(pictures.page(FIGURE, SIZE)), tesseract=broken).page
    assert page.source is Source.NATIVE
    assert page.reason == "text layer; the rest could not be read"
    assert texts(page) == prose.NOTICE.split()


@pytest.mark.parametrize("words", ["No space left on device", "std::bad_alloc"])
def test_a_figure_that_needs_more_is_left_to_the_heavy_lane_which_gives_up_only_the_figure(
    read, with_figure, stand_in, words
):
    source, poor = with_figure(pictures.page(FIGURE, SIZE)), stand_in(f"echo '{words}' >&2; exit 1")
    with pytest.raises((DiskFull, OutOfMemory)):
        read(source, tesseract=poor)
    page = read(source, tesseract=poor, heavy=True).page
    assert page.reason == "text layer; the rest could not be read"
    assert texts(page) == prose.NOTICE.split()


STROKES = {
    "A": ((0, 0, 5, 14, 10, 0), (2, 5, 8, 5)),
    "E": ((9, 0, 0, 0, 0, 14, 9, 14), (0, 7, 7, 7)),
    "L": ((0, 14, 0, 0, 8, 0),),
    "N": ((0, 0, 0, 14, 9, 0, 9, 14),),
    "V": ((0, 14, 5, 0, 10, 14),),
}
"""Corners of the lines that letters are made of, in points."""


def plotted(word, x, y):
    """Return instructions that draw a word as plotters do."""
    lines = []
    for letter in word:
        for corners in STROKES[letter]:
            points = [f"{x + a} {y + b}" for a, b in zip(corners[::2], corners[1::2], strict=True)]
            lines.append(f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " S")
        x += 14
    return " ".join(lines)


def test_letters_that_are_drawn_as_lines_are_read(read, tmp_path):
    pdf = pdfs.new()
    pdfs.add_text(pdf, prose.NOTICE)
    drawn = plotted("NAVAL", 100, 300) + " " + plotted("VANE", 200, 300)
    pdf.pages[0].contents_add(f"0 G 1.2 w {drawn}".encode())
    path = tmp_path / "plotted.pdf"
    path.write_bytes(pdfs.save(pdf))
    assert {"NAVAL", "VANE"} <= set(texts(read(path).page))
