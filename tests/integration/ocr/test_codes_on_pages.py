"""Barcodes and QR codes on whole pages: scanned, in pictures on native pages, drawn as vectors."""

from __future__ import annotations

import pytest
from pikepdf import Rectangle

from fanfold.formats import markdown
from fanfold.model import Codes, Mode, Source
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import ReadRequest
from fanfold.settings import Engine
from tests.data import codes, pdfs, prose


@pytest.fixture
def page(sandbox, tmp_path):
    """Read a one-page document."""

    def page(pdf, how=Codes.AUTO):
        source, folder = tmp_path / "page.pdf", tmp_path / "out"
        source.write_bytes(pdfs.save(pdf))
        folder.mkdir(exist_ok=True)
        reader = SandboxedReader(sandbox, Engine(), Tessdata(Engine(), tmp_path / "packs"))
        return reader.read(source, ReadRequest(1, "eng", Mode.AUTO, how), folder).page

    return page


def scanned(*drawn):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, codes.scan(*drawn))
    return pdf


def vector(content):
    """Return a native page with a QR code made of rectangles, two points a module."""
    picture = codes.picture(content, module=1)
    dots = [
        f"{300 + 2 * x} {400 - 2 * y} 2 2 re"
        for y in range(picture.height)
        for x in range(picture.width)
        if picture.getpixel((x, y)) == 0
    ]
    pdf = pdfs.typed((prose.INVOICE,))
    pdf.pages[0].contents_add(("\nq 0 g " + " ".join(dots) + " f Q\n").encode())
    return pdf


def test_codes_on_a_scan_are_data_beside_its_words(page):
    read = page(scanned(codes.picture(codes.LINK), codes.picture(codes.PARCEL, "Code128")))
    assert read.source is Source.OCR
    assert [(one.format, one.text) for one in read.codes] == [
        ("QR Code", codes.LINK),
        ("Code 128", codes.PARCEL),
    ]
    assert f"- QR Code: ` {codes.LINK} `\n" in markdown.page(read)


def test_what_a_recogniser_makes_of_a_small_code_is_not_in_the_text(page):
    scan = scanned(codes.picture(codes.LINK, module=2))
    assert len(page(scan, Codes.OFF).words) > len(prose.NOTICE.split())
    assert [word.text for word in page(scan).words] == prose.NOTICE.split()


def test_nothing_is_looked_for_where_that_was_asked_for(page):
    assert page(scanned(codes.picture(codes.LINK)), Codes.OFF).codes == ()


def test_a_code_in_a_picture_on_a_native_page_is_found(page):
    pdf = pdfs.typed((prose.INVOICE,))
    other = pdfs.new()
    pdfs.add_picture(other, codes.picture(codes.LINK, module=6))
    pdf.pages[0].add_overlay(other.pages[0], Rectangle(300, 80, 450, 230))
    read = page(pdf)
    assert read.source in (Source.NATIVE, Source.MIXED)
    assert [one.text for one in read.codes] == [codes.LINK]


def test_a_code_drawn_as_vectors_is_found_on_request(page):
    assert page(vector(codes.LINK)).codes == ()
    assert [one.text for one in page(vector(codes.LINK), Codes.ON).codes] == [codes.LINK]


def test_a_page_with_nothing_but_a_code_is_not_worth_a_look(page):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, codes.picture(codes.LINK, module=10))
    read = page(pdf)
    assert [one.text for one in read.codes] == [codes.LINK]
    assert read.review == ""
