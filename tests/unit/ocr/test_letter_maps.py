"""Which letters a font's codes stand for, and where a font contradicts itself."""

from __future__ import annotations

import struct

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from fanfold.ocr.layer import letter_maps, tables


def program(glyphs):
    """Return a TrueType program that has nothing but a table of characters."""
    ends = [*map(ord, sorted(glyphs)), 0xFFFF]
    steps = [(glyphs[c] - ord(c)) & 0xFFFF for c in sorted(glyphs)] + [1]
    count = len(ends)
    rows = [struct.pack(f">{count}H", *row) for row in (ends, ends, steps, [0] * count)]
    parts = rows[0] + b"\0\0" + b"".join(rows[1:])
    table = struct.pack(">7H", 4, 14 + len(parts), 0, 2 * count, 0, 0, 0) + parts
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table
    return b"\0\1\0\0" + struct.pack(">4H4sIII", 1, 0, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap


def document(font):
    pdf = Pdf.new()
    page = pdf.add_blank_page()
    page.obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    return pdf


def simple(told, kind=Name.Type1, **more):
    pdf = document(Dictionary(Type=Name.Font, Subtype=kind, **more))
    table = letter_maps.written({ord(a): b for a, b in told.items()}, 1)
    pdf.pages[0].obj.Resources.Font.F1.ToUnicode = pdf.make_stream(table)
    return pdf


def composed(told, glyphs):
    pdf = document(Dictionary(Type=Name.Font, Subtype=Name.Type0, Encoding=Name("/Identity-H")))
    described = Dictionary(FontFile2=pdf.make_stream(program(glyphs)))
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, FontDescriptor=described)
    font = pdf.pages[0].obj.Resources.Font.F1
    font.DescendantFonts = Array([inner])
    font.ToUnicode = pdf.make_stream(letter_maps.written(told, 2))
    return pdf


def test_a_table_is_read_by_pairs_ranges_and_lists():
    table = b"""2 beginbfchar <01> <0041> <02> <00660069> endbfchar
    2 beginbfrange <10> <12> <0061> <20><21>[<0078> <0079>] endbfrange"""
    told = {1: "A", 2: "fi", 16: "a", 17: "b", 18: "c", 32: "x", 33: "y"}
    assert letter_maps.read(table) == told
    assert letter_maps.read(letter_maps.written(told, 1)) == told


def test_a_program_says_which_glyph_is_which_letter():
    assert letter_maps.of_truetype(program({"A": 3, "7": 9})) == {3: "A", 9: "7"}
    with pytest.raises(ValueError, match="ends within"):
        letter_maps.of_truetype(program({"A": 3})[:40])


@pytest.mark.parametrize("told", [{"4": "9"}, {"e": " "}, {"e": "\0"}, {"a": "\u0430"}, {"x": ""}])
def test_a_table_that_differs_from_the_encoding_is_contradicted(told):
    assert tables.contradicted(simple(told, Encoding=Name.WinAnsiEncoding))


def test_so_is_one_that_differs_from_the_names_of_glyphs_or_from_the_program():
    names = Dictionary(Differences=Array([65, Name.seven, Name.b]))
    assert tables.contradicted(simple({"A": "1"}, Encoding=names))
    assert not tables.contradicted(simple({"A": "7", "B": "b"}, Encoding=names))
    assert tables.contradicted(composed({3: "B"}, {"A": 3}))
    assert not tables.contradicted(composed({3: "A", 4: "fi"}, {"A": 3}))


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ({"a": "A", "e": "é", "(": "["}, {"Encoding": Name.WinAnsiEncoding}),
        ({"4": "9"}, {}),
        ({"4": "9"}, {"Encoding": Name.WinAnsiEncoding, "kind": Name.Type3}),
        (
            {"4": "9"},
            {
                "Encoding": Name.WinAnsiEncoding,
                "kind": Name.TrueType,
                "FontDescriptor": Dictionary(Flags=4),
            },
        ),
    ],
)
def test_fonts_that_say_nothing_else_for_sure_are_not(told, more):
    assert not tables.contradicted(simple(told, **more))
