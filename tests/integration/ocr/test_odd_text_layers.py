"""Text layers in pieces, twice, unseen, or with wrong letters: what is read of them."""

from __future__ import annotations

import subprocess

import pytest
from pikepdf import Array, Dictionary, Name

from fanfold.model import Concern, Mode, Source, Why
from tests.data import layers, pdfs, pictures

SECRET = "kestrel"


@pytest.fixture
def page(read, tmp_path):
    """Read a page, given as a document of one."""

    def page(pdf, mode=Mode.AUTO):
        path = tmp_path / "page.pdf"
        path.write_bytes(pdfs.save(pdf))
        return read(path, mode).page

    return page


def text(page):
    return " ".join(line.text for block in page.blocks for line in block.lines)


def whys(page):
    return {one.text: one.why for one in page.unseen}


def with_fonts(pdf):
    pdf.pages[0].obj.Resources.Font = Dictionary(**layers.fonts())
    return pdf


def state(share):
    return {"ExtGState": Dictionary(G0=layers.alpha(share))}


@pytest.mark.parametrize(
    ("hidden", "why"),
    [
        (layers.words(SECRET, how="1 g"), Why.WHITE),
        (layers.words(SECRET, how="1 1 1 rg"), Why.WHITE),
        (layers.words(SECRET, how="0 0 0 0 k"), Why.WHITE),
        (layers.words(SECRET, how="0.985 g"), Why.WHITE),
        (layers.words(SECRET, how="3 Tr"), Why.INVISIBLE),
        (layers.words(SECRET, how="7 Tr"), Why.INVISIBLE),
        (layers.words(SECRET) + " q 0 g 55 395 80 16 re f Q", Why.COVERED),
        ("q 0 0 5 5 re W n " + layers.words(SECRET) + " Q", Why.CLIPPED),
        ("q 0 600 595 242 re W n " + layers.words(SECRET) + " Q", Why.CLIPPED),
        (layers.words(SECRET, size=1), Why.TINY),
    ],
)
def test_words_that_nobody_can_see_leave_the_text(page, hidden, why):
    found = page(layers.page(hidden))
    assert SECRET not in text(found)
    assert "harbour office" in text(found)
    assert whys(found) == {SECRET: why}
    assert found.source is Source.NATIVE


def test_so_do_words_of_no_colour_at_all(page):
    found = page(layers.page(layers.words(SECRET, how="/G0 gs"), **state(0)))
    assert whys(found) == {SECRET: Why.INVISIBLE}


def test_words_in_a_spot_colour_without_ink_are_white(page):
    pdf = layers.page(layers.words(SECRET, how="/Spot cs 0 scn"), ColorSpace=layers.spot())
    assert whys(page(pdf)) == {SECRET: Why.WHITE}


def test_words_under_a_shade_are_unseen(page):
    shade = layers.words(SECRET) + " q 50 380 300 40 re W n /Shade sh Q"
    assert whys(page(layers.page(shade, Shading=layers.shade()))) == {SECRET: Why.COVERED}


def test_letters_filled_with_a_shade_are_seen(page):
    filled = f"q BT 7 Tr /F1 30 Tf 60 400 Td ({SECRET}) Tj ET /Shade sh Q"
    assert SECRET in text(page(layers.page(filled, Shading=layers.shade())))


def test_words_in_a_pattern_are_read(page):
    pdf = layers.page("/Pattern cs /Tiles scn 60 300 288 72 re f")
    pattern = layers.tiles(pdf, pictures.scan("Orchard lantern", (1200, 300)), (288, 72))
    pdf.pages[0].obj.Resources.Pattern = pattern
    found = page(pdf)
    assert "lantern" in text(found)
    assert found.source is Source.MIXED


def test_words_under_a_picture_are_unseen(page):
    pdf = layers.page(layers.words(SECRET) + " q 100 0 0 30 55 390 cm /Im0 Do Q")
    pdf.pages[0].obj.Resources.XObject = layers.picture(pdf, 200)
    assert SECRET not in text(page(pdf))


@pytest.mark.parametrize(
    "seen",
    [
        "q 0.1 g 50 390 400 24 re f Q " + layers.words(SECRET, how="1 g"),
        "q 0.9 0.2 0.2 rg 50 390 400 24 re f Q " + layers.words(SECRET, how="1 1 1 rg"),
        layers.words(SECRET, how="1 1 0 rg"),
        layers.words(SECRET, how="0.85 g"),
        layers.words(SECRET, how="1 Tr"),
        "q 1 g 50 390 400 24 re f Q " + layers.words(SECRET),
        "q 0 0 595 842 re W n " + layers.words(SECRET) + " Q",
        layers.words(SECRET, size=3),
        layers.words(SECRET) + " q 1 g 300 300 50 50 re f Q",
    ],
)
def test_words_that_can_be_seen_stay(page, seen):
    found = page(layers.page(seen, before="q 1 g 0 0 595 842 re f Q"))
    assert SECRET in text(found)
    assert found.unseen == ()


def test_words_over_a_picture_stay(page):
    pdf = layers.page("q 200 0 0 60 55 380 cm /Im0 Do Q " + layers.words(SECRET, how="1 g"))
    pdf.pages[0].obj.Resources.XObject = layers.picture(pdf, 90)
    assert SECRET in text(page(pdf))


def test_letters_shown_one_by_one_are_words(page):
    found = page(with_fonts(layers.page(layers.letters("open files", tracking=0))))
    assert "open files" in text(found)


def test_letters_spaced_out_are_words(page):
    found = page(with_fonts(layers.page(layers.letters("ANNUAL REPORT", tracking=4, space=7.2))))
    assert "ANNUAL REPORT" in text(found)


@pytest.mark.parametrize("row", ["B A D C B A", "1 2 3 4 5 6", "x y z"])
def test_letters_and_figures_that_stand_for_themselves_stay_apart(page, row):
    cells = "".join(row.split())
    found = page(with_fonts(layers.page(layers.letters(cells, tracking=4))))
    assert row in text(found)


@pytest.mark.parametrize("aside", [0.3, 0.8, 3.0])
def test_words_struck_twice_are_said_once(page, aside):
    twice = layers.words("Total payable") + layers.words("Total payable", x=60 + aside)
    found = text(page(layers.page(twice)))
    assert found.count("Total") == found.count("payable") == 1


def test_of_two_layers_the_invisible_one_goes(page):
    worse = " ".join(
        layers.words(line.replace("e", "c"), x=62, y=699 - 18 * n, how="3 Tr")
        for n, line in enumerate(layers.LINES)
    )
    found = text(page(layers.page(worse)))
    assert "harbour office until November" in found
    assert "officc" not in found


def test_a_table_with_a_wrong_letter_is_not_believed(page):
    found = page(layers.mapped(layers.page(), {"e": "c"}))
    assert found.source is Source.OCR
    assert "reading room above" in text(found)


def test_nor_is_one_that_says_the_next_letter(page):
    table = {chr(n): chr(n + 1) for n in range(ord("a"), ord("z"))}
    found = page(layers.mapped(layers.page(), table))
    assert found.source is Source.OCR
    assert "reading room above" in text(found)


@pytest.mark.parametrize("table", [{"4": "9", "1": "7"}, {"e": " "}, {"e": "\0"}, {"e": "a"}])
def test_letters_that_a_font_contradicts_are_read_from_the_page(page, table):
    pdf = layers.page(layers.words("Invoice 8041 of 1974 was settled"))
    found = page(layers.mapped(pdf, {chr(n): chr(n) for n in range(33, 127)} | table))
    assert "Invoice 8041 of 1974 was settled" in text(found)
    assert found.source is not Source.NATIVE


def test_a_font_whose_encoding_is_wrong_is_believed_if_the_page_shows_its_letters(page):
    pdf = layers.page()
    changes = Array([101, Name.c, 99, Name.e])  # neither is what Helvetica's own table says
    layers.mapped(pdf, {chr(n): chr(n) for n in range(33, 127)} | {"e": "c", "c": "e"})
    font = pdf.pages[0].obj.Resources.Font.F1
    pdf.pages[0].obj.Contents.write(
        pdf.pages[0].obj.Contents.read_bytes().translate(bytes.maketrans(b"ec", b"ce"))
    )
    font.Encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=changes)
    found = page(pdf)
    assert found.source is Source.NATIVE
    assert "harbour office until November" in text(found)


def test_glyphs_without_letters_are_read_from_the_page(page):
    pdf = layers.page(layers.words("Invoice 8041 of 1974 was paid in full"))
    found = page(layers.mapped(pdf, {str(n): chr(0xE100 + n) for n in range(10)}))
    assert found.source is Source.MIXED
    assert "Invoice 8041 of 1974 was paid" in text(found)


@pytest.mark.parametrize("pictured", [False, True])
def test_what_is_read_for_glyphs_without_letters_is_found_in_the_searchable_pdf(
    read, tool, tmp_path, pictured
):
    pdf = layers.page(layers.words("Invoice 8041 of 1974 was paid in full"))
    if pictured:
        pdfs.put_figure(pdf, pictures.scan("Orchard lantern", (1200, 300)))
    source, target = tmp_path / "page.pdf", tmp_path / "document.pdf"
    table = {str(n): chr(0xE100 + n) for n in range(10)}
    source.write_bytes(pdfs.save(layers.mapped(pdf, table)))
    result = read(source)
    tool.graft(source, {1: result.layer}, target)
    before, after = (subprocess.check_output(["pdftotext", each, "-"]) for each in (source, target))
    assert b"8041" not in before
    assert after.count(b"8041") == after.count(b"1974") == 1
    assert (b"lantern" in after) is pictured


def test_what_the_sender_takes_as_it_is_stays_as_it_is(page):
    found = page(layers.mapped(layers.page(), {"e": "c"}), Mode.NATIVE)
    assert "rcading room" in text(found)


def test_words_in_a_font_that_is_nowhere_are_kept_and_told(page):
    pdf = layers.page(f"BT /F9 12 Tf 60 400 Td <{'東京の灯台'.encode('utf-16-be').hex()}> Tj ET")
    pdf.pages[0].obj.Resources.Font.F9 = layers.nowhere()
    found = page(pdf)
    assert "東京の灯台" in text(found)
    assert found.concerns == (Concern.UNDRAWN,)
    assert found.review == "1 word has letters that could not be drawn, so nobody checked them"
