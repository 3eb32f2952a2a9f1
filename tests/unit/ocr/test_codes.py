"""Barcodes and QR codes: what is taken over of what they say."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fanfold.model import Box, Code, Codes, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import barcodes
from fanfold.ocr.words import Row
from tests.data import codes as drawn


def look(picture, how=Codes.AUTO):
    return barcodes.read(Drawing(picture.convert("L"), 200), how, 72 / 200)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("QRCode", drawn.LINK),
        ("DataMatrix", "01234 lot 7"),
        ("Aztec", "a train ticket"),
        ("PDF417", "a boarding pass"),
        ("Code128", drawn.PARCEL),
        ("Code39", "ABC-1234"),
        ("EAN13", "4006381333931"),
    ],
)
def test_what_a_code_says_is_read_with_its_kind_and_place(kind, content):
    page = Image.new("L", (900, 900), 255)
    code = drawn.picture(content, kind)
    page.paste(code, (100, 200))
    (found,) = look(page)
    assert (found.text, found.data) == (content, b"")
    assert found.format.replace(" ", "").replace("-", "").lower().startswith(kind.lower()[:4])
    points = 72 / 200
    assert 100 * points <= found.box.x0 < found.box.x1 <= (100 + code.width) * points
    assert 200 * points <= found.box.y0 < found.box.y1 <= (200 + code.height) * points


def test_bytes_that_are_no_text_are_kept_as_bytes():
    page = Image.new("L", (600, 600), 255)
    page.paste(drawn.picture(b"\x00\x01\xfe\xff"), (50, 50))
    (found,) = look(page)
    assert (found.text, found.data) == ("", b"\x00\x01\xfe\xff")


def test_a_code_on_its_side_and_a_white_one_on_black_are_found_on_request():
    page = Image.new("L", (900, 900), 255)
    page.paste(drawn.picture(drawn.PARCEL, "Code128").rotate(90, expand=True), (60, 60))
    page.paste(drawn.picture(drawn.LINK).point(lambda level: 255 - level), (400, 400))
    assert {one.text for one in look(page, Codes.ON)} == {drawn.PARCEL, drawn.LINK}


def test_codes_stand_from_top_to_bottom_and_each_once():
    page = Image.new("L", (700, 1200), 255)
    for n, text in enumerate(("first", "second", "first")):
        page.paste(drawn.picture(text), (60, 60 + 350 * n))
    assert [one.text for one in look(page)] == ["first", "second", "first"]


def test_no_code_says_more_than_the_largest_can_hold():
    assert len(barcodes.clean("x" * 100_000)) == barcodes.MAXIMUM_LENGTH


@given(st.text())
def test_nothing_invisible_is_left_of_what_a_code_says(text):
    kinds = {unicodedata.category(char)[0] for char in barcodes.clean(text) if char not in "\t\n"}
    assert "C" not in kinds


def test_letters_are_no_codes():
    assert look(drawn.scan()) == ()


def test_words_read_out_of_a_code_go_and_those_printed_there_or_beside_it_stay():
    code = Code("QR Code", "x", Box(10, 10, 20, 20))
    rows = [
        Row(("1", "1"), "1", Word(text, Box(*box), confidence))
        for text, box, confidence in (
            ("Rada", (24, 24, 36, 36), 49),
            ("Menu", (26, 26, 34, 34), 95),
            ("Scan", (44, 24, 60, 36), 49),
        )
    ]
    kept = barcodes.spared(
        rows, [code], lambda box: Box(*(e / 2 for e in (box.x0, box.y0, box.x1, box.y1)))
    )
    assert [row.word.text for row in kept] == ["Menu", "Scan"]
