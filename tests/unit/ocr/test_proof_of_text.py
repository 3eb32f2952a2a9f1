"""What a page's instructions prove of its text: seen for certain, or to be drawn."""

from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from fanfold.model import Box
from fanfold.ocr.layer import proof, tokens

WORD = Box(50, 40, 110, 52)
"""Of text at 50, 752 on a sheet of 600 × 800 points."""

TEXT = "BT /F1 12 Tf 50 751 Td (kestrel \\) f \\( 1 g) Tj ET\n"
PAPER = "1 1 1 rg 0 0 600 800 re f 0 g\n"


@pytest.fixture
def seen():
    """Say whether instructions prove that a word on a page is seen."""

    def seen(instructions, box=WORD, rotate=0, **resources):
        pdf = Pdf.new()
        page = pdf.add_blank_page(page_size=(600, 800)).obj
        fonts = {"Font": Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1))}
        page.Resources, page.Rotate = Dictionary(**{**fonts, **resources}), rotate
        found = proof.look(page, tokens.of(instructions.encode()))
        return found is not None and found.all([box])

    return seen


@pytest.mark.parametrize(
    "instructions",
    [
        TEXT,
        PAPER + TEXT,
        "q 0 0 600 800 re W n " + TEXT + "Q",
        "0 0 m 600 0 l 600 800 l 0 800 l h W* n " + TEXT,
        "q 1 g 0 0 5 5 re f Q " + TEXT,
        "0.4 0 0 rg " + TEXT,
        "0 0 0 1 k " + TEXT,
        TEXT + "50 750 60 0.5 re f\n",
        TEXT + "50 749 m 110 749 l S\n",
        TEXT + "40 700 300 100 re S\n",
        "0 g 0 740 600 40 re f 1 g 1 741 598 38 re f 0 g " + TEXT,
        "/CS0 cs 0 0 0 sc " + TEXT,
        "% 1 g (\n" + TEXT,
        "/Span<</MCID 0>>BDC " + TEXT + "EMC",
        "0.5 0 0 0.5 0 0 cm BT /F1 24 Tf 100 1502 Td [(kes)-20(trel)]TJ ET",
    ],
)
def test_text_that_nothing_hides_is_seen(seen, instructions):
    spaces = Dictionary(CS0=Array([Name.CalRGB, Dictionary()]))
    assert seen(instructions, ColorSpace=spaces)


@pytest.mark.parametrize(
    "instructions",
    [
        "1 g " + TEXT,
        "0.98 0.98 0.9 rg " + TEXT,
        "0 0 0 0 k " + TEXT,
        "3 Tr " + TEXT,
        "7 Tr " + TEXT,
        TEXT + "0 g 40 745 90 20 re f",
        TEXT + "1 g 40 745 90 20 re f",
        "0 g 40 745 90 20 re f " + TEXT,
        TEXT + "20 w 40 755 m 130 755 l S",
        TEXT + "40 745 m 90 745 l 90 765 l 40 765 l f",
        "q 50 751 20 12 re W n " + TEXT + "Q",
        "0 0 m 300 800 l 600 0 l h W n " + TEXT,
        "W n " + TEXT,
        "0 0 600 800 re 0 0 600 800 re W* n " + TEXT,
        "/Im1 Do " + TEXT,
        "/P1 sh " + TEXT,
        "/CS9 cs 0 sc " + TEXT,
        "/Pattern cs /P1 scn " + TEXT,
        "/OC /MC0 BDC " + TEXT + "EMC",
        "/G1 gs " + TEXT,
        "BI /W 1 /H 1 ID x EI " + TEXT,
        "((( ) " + TEXT,
        "1g " + TEXT,
        "cm " + TEXT,
    ],
)
def test_what_may_hide_text_is_no_proof(seen, instructions):
    faint = Dictionary(G1=Dictionary(ca=0.05))
    assert not seen(instructions, ExtGState=faint)


def test_a_rule_through_a_word_does_not_hide_it(seen):
    assert seen(TEXT + "50 754 60 0.6 re f")


@pytest.mark.parametrize(
    ("rotate", "box"),
    [(90, Box(745, 50, 757, 110)), (180, Box(490, 745, 550, 757)), (270, Box(40, 490, 52, 550))],
)
def test_places_are_those_of_the_page_as_displayed(seen, rotate, box):
    bar = TEXT + "40 740 90 25 re f"
    assert not seen(bar, box, rotate)
    assert seen(bar, Box(300, 300, 330, 312), rotate)


def test_glyphs_that_only_a_drawing_shows_are_no_proof(seen):
    strange = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, CIDSystemInfo=Dictionary())
    large = Dictionary(Type=Name.Font, Subtype=Name.Type0, DescendantFonts=Array([strange]))
    assert not seen(TEXT, Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type3)))
    assert not seen(TEXT, Font=Dictionary(F1=large))
