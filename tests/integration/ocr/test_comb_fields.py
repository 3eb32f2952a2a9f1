"""Letters that stand in the cells of a form's field are its words, in the field's place."""

from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from fanfold.ocr.layer import text

CELL, CELLS = 18, 12
COMB = 1 << 24
LABEL = b"BT /F 12 Tf 30 60 Td (Name) Tj ET BT /F 12 Tf 30 20 Td (Signed in the office) Tj ET"
UPRIGHT = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 100 0"}
"""What turns the instructions so that a page with that /Rotate shows them upright."""


def layer(path, shown, *, flags=COMB, rotate=0):
    """Write a page with a field, ``shown`` its drawing, and read its text layer."""
    field = [100, 55, 100 + CELL * CELLS, 73]
    place = [100 - field[3], field[0], 100 - field[1], field[2]] if rotate else field
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(100, 340) if rotate else (340, 100))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))
        drawing = f"{UPRIGHT[rotate]} cm ".encode() + LABEL + shown
        page.obj.Contents = pdf.make_stream(drawing)
        page.obj.Rotate = rotate
        kind = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Tx, "MaxLen": CELLS}
        note = pdf.make_indirect(Dictionary(Ff=flags, Rect=Array(place), **kind))
        page.obj.Annots = Array([note])
        pdf.Root.AcroForm = Dictionary(Fields=Array([note]))
        pdf.save(path)
    return text.read(str(path), None, 340, 100).text.split("\n")


def cells(value):
    return b"".join(
        f" BT /F 12 Tf {105 + CELL * i} 60 Td ({letter}) Tj ET".encode()
        for i, letter in enumerate(value)
        if letter != " "
    )


@pytest.mark.parametrize("rotate", UPRIGHT)
def test_letters_in_cells_are_words_and_an_empty_cell_parts_them(tmp_path, monkeypatch, rotate):
    monkeypatch.chdir(tmp_path)
    found = layer(tmp_path / "a.pdf", cells("MARI ANN 14"), rotate=rotate)
    assert [line for line in found if line != "Name"] == ["MARI ANN 14", "Signed in the office"]


def test_letters_in_a_field_without_cells_stay_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "MARI" not in " ".join(layer(tmp_path / "a.pdf", cells("MARI"), flags=0))


def test_letters_at_other_distances_than_the_cells_stay_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = b" BT /F 12 Tf 105 60 Td (A or B C D) Tj ET"
    assert "A or B C D" in " ".join(layer(tmp_path / "a.pdf", shown))
