"""Pages that hardly stand out are read, or said to be blank only where nothing is on them."""

from __future__ import annotations

import pytest
from PIL import Image

from fanfold.model import Source
from tests.data import faint, pictures, prose


@pytest.fixture
def shown(tool, read, tmp_path):
    """Read a picture as the service does: wrapped, then recognised."""

    def shown(image: Image.Image, name: str = "page.png", **options: object):
        path = tmp_path / name
        image.save(path, **options)
        probe = tool.probe(path)
        (cut,) = tool.cut(path, probe.media_type, range(1, 2), tmp_path)
        return read(cut.path).page

    return shown


def said(page) -> str:
    return " ".join(word.text for word in page.words)


@pytest.mark.parametrize("paper", [230, 120])
@pytest.mark.parametrize(("levels", "deviation"), [(60, 4), (30, 4), (14, 0)])
def test_faint_print_is_read(shown, paper, levels, deviation):
    assert said(shown(faint.page(prose.NOTICE, paper, levels, deviation))) == prose.NOTICE


@pytest.mark.parametrize(
    ("letters", "paper"),
    [("#ffff30", "white"), ("#6e551e", "#c81e1e"), ("white", "#ffee33"), ("#3c3c3c", "#282828")],
)
def test_print_of_every_colour_is_read(shown, letters, paper):
    assert said(shown(faint.coloured(prose.NOTICE, letters, paper))) == prose.NOTICE


@pytest.mark.parametrize("colour", ["#e05050", "#5070e0"])
def test_print_under_a_stamp_is_read_and_the_stamp_is_not_passed_over(shown, colour):
    found = shown(faint.stamped(colour))
    assert set(prose.NOTICE.split()) <= set(said(found).split())
    assert faint.STAMP in said(found) or found.unread


@pytest.mark.parametrize("deviation", [0, 4, 10])
def test_paper_with_its_own_noise_is_blank(shown, deviation):
    assert shown(faint.page("", 200, 0, deviation)).source is Source.BLANK


def _deep(mode: str, factor: float) -> Image.Image:
    page = pictures.page(prose.NOTICE, pictures.A5)
    return page.convert("I" if mode == "I;16" else mode).point(lambda v: v * factor + 0)


@pytest.mark.parametrize(
    ("mode", "factor", "options"),
    [
        ("F", 1 / 255, {}),
        ("F", 1, {"compression": "tiff_lzw"}),
        ("I", 200, {}),
        ("I;16", 16, {"compression": "tiff_lzw", "tiffinfo": {317: 2}}),
        ("I;16", 257, {}),
    ],
)
def test_pictures_of_many_levels_are_read(shown, mode, factor, options):
    page = _deep(mode, factor)
    page = page.convert("I;16") if mode == "I;16" else page
    assert said(shown(page, "page.tiff", **options)) == prose.NOTICE


@pytest.mark.parametrize("letters", [0, 255])
def test_letters_on_nothing_are_read_whether_dark_or_light(shown, letters):
    mask = pictures.page(prose.NOTICE, pictures.A5).point(lambda level: 255 - level)
    page = Image.merge("LA", (Image.new("L", mask.size, letters), mask))
    assert said(shown(page)) == prose.NOTICE
