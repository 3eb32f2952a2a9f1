"""What a PDF does by itself, or brings along, is told by codes."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from fanfold.ocr.document.active_content import codes

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
LAUNCH = Dictionary(S=Name.Launch, F=String("calc.exe"))
SUBMIT = Dictionary(S=Name.SubmitForm, F=String("http://example.org"))
LINK = Dictionary(S=Name.URI, URI=String("http://example.org"))


@pytest.fixture
def pdf():
    with pikepdf.new() as new:
        new.add_blank_page()
        yield new


def annotation(pdf: Pdf, **entries: object) -> None:
    pdf.pages[0].Annots = Array([pdf.make_indirect(Dictionary(Subtype=Name.Link, **entries))])


def opens_with(pdf, action):
    pdf.Root.OpenAction = action


def has_named_script(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))


def has_button(pdf, action):
    field = Dictionary(FT=Name.Btn, T=String("b"), Kids=Array([Dictionary(A=action)]))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def has_bookmark(pdf, action):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("one", action=action))


def has_attachment(pdf):
    pdf.attachments["a.txt"] = b"attached"


THERE = {
    "opens with a script": (lambda pdf: opens_with(pdf, SCRIPT), {"OPEN_ACTION", "JAVASCRIPT"}),
    "opens with a link": (lambda pdf: opens_with(pdf, LINK), {"OPEN_ACTION"}),
    "says bye by a script": (
        lambda pdf: pdf.Root.__setattr__("AA", Dictionary(WC=SCRIPT)),
        {"OPEN_ACTION", "JAVASCRIPT"},
    ),
    "has a script by name": (has_named_script, {"JAVASCRIPT"}),
    "launches by a link": (lambda pdf: annotation(pdf, A=LAUNCH), {"LAUNCH"}),
    "launches after a page was turned": (
        lambda pdf: annotation(pdf, A=Dictionary(S=Name.GoTo, Next=Array([LAUNCH]))),
        {"LAUNCH"},
    ),
    "runs when a page is seen": (
        lambda pdf: pdf.pages[0].obj.__setattr__("AA", Dictionary(O=SCRIPT)),
        {"JAVASCRIPT"},
    ),
    "sends a form by a button": (lambda pdf: has_button(pdf, SUBMIT), {"SENDS_DATA"}),
    "launches by a bookmark": (lambda pdf: has_bookmark(pdf, LAUNCH), {"LAUNCH"}),
    "has a file attached": (has_attachment, {"EMBEDDED_FILES"}),
    "has a file pinned to a page": (
        lambda pdf: annotation(pdf, A=LINK) or pdf.pages[0].Annots[0].__setattr__(
            "Subtype", Name.FileAttachment
        ),
        {"EMBEDDED_FILES"},
    ),
}  # fmt: skip
HARMLESS = {
    "nothing": lambda _: None,
    "opens at a page": lambda pdf: opens_with(pdf, Array([pdf.pages[0].obj, Name.Fit])),
    "opens by turning to a page": lambda pdf: opens_with(pdf, Dictionary(S=Name.GoTo)),
    "a link": lambda pdf: annotation(pdf, A=LINK),
    "an empty list of files": lambda pdf: pdf.Root.__setattr__(
        "Names", Dictionary(EmbeddedFiles=Dictionary(Names=Array()))
    ),
}


@pytest.mark.parametrize("what", THERE)
def test_it_is_told(pdf, what):
    make, found = THERE[what]
    make(pdf)
    assert set(codes(pdf)) == found


@pytest.mark.parametrize("what", HARMLESS)
def test_what_harms_nobody_is_not(pdf, what):
    HARMLESS[what](pdf)
    assert set(codes(pdf)) == set()


def test_what_leads_to_itself_comes_to_an_end(pdf):
    action = pdf.make_indirect(Dictionary(S=Name.JavaScript))
    action.Next = action
    field = pdf.make_indirect(Dictionary(A=action))
    field.Kids = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    assert set(codes(pdf)) == {"JAVASCRIPT"}
