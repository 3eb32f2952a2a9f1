"""Letters that one glyph stands for are read in their order, in scripts that run to the left."""

from __future__ import annotations

import pytest
from pikepdf import Dictionary, Pdf, Stream

from fanfold.formats.searchable import glyphless
from fanfold.ocr.layer import letter_maps, ligatures, text

LIGATURE, NOTHING = 2, 6
LETTERS = {1: "م", LIGATURE: "لا", 3: "س", 4: "ل", 5: "\u0627", NOTHING: "?"}
"""What codes stand for; 6 is a glyph that only its mark tells."""

WORD = "السلام"
MARKED = b"/Span <</ActualText <FEFF06440627>>> BDC <%04X> Tj EMC"


def layer(path, middle, *, letters=LETTERS):
    """Write a page with the word from left to right, ``middle`` for the lam-alef within."""
    with Pdf.new() as pdf:
        font = glyphless.font(pdf)
        font.ToUnicode = pdf.make_stream(letter_maps.written(letters, 2))
        shown = b"BT /F 12 Tf 50 50 Td <0001> Tj " + middle + b" <000300040005> Tj ET"
        page = pdf.add_blank_page(page_size=(300, 100))
        page.obj.Contents = Stream(pdf, shown)
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))
        pdf.save(path)
    return text.read(str(path), None, 300, 100)


@pytest.mark.parametrize(
    "middle", [b"<%04X> Tj" % LIGATURE, MARKED % NOTHING], ids=["font", "mark"]
)
def test_a_lam_alef_is_a_lam_before_an_alef(tmp_path, monkeypatch, middle):
    monkeypatch.chdir(tmp_path)
    assert layer(tmp_path / "a.pdf", middle).text == WORD


def test_glyphs_of_one_letter_each_are_read_as_they_were(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    letters = {code: said for code, said in LETTERS.items() if code != LIGATURE}
    assert layer(tmp_path / "a.pdf", b"<00050004> Tj", letters=letters).text == WORD
    assert not (tmp_path / "ligatures.pdf").exists()


def test_ligatures_of_other_scripts_stay_as_they_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    letters = {1: "o", LIGATURE: "ffi", 3: "c", 4: "e", 5: "s", NOTHING: "?"}
    assert layer(tmp_path / "a.pdf", b"<0002> Tj", letters=letters).text == "office" + "s"


def test_a_file_that_does_not_open_is_left_to_whoever_reads_it(tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    assert ligatures.backwards(str(broken), WORD) is None
