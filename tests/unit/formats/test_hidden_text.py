import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from fanfold.formats.searchable import hidden_text
from tests.data import pdfs


@pytest.fixture
def pdf():
    with Pdf.new() as pdf:
        yield pdf


def page_of(pdf, content, **resources):
    pdfs.add_page(pdf, content.encode(), (0, 0, 100, 100), Dictionary(**resources))
    return pdf.pages[-1]


def form_of(pdf, content, **more):
    stream = pdf.make_stream(content.encode())
    for key, value in {"Type": Name.XObject, "Subtype": Name.Form, **more}.items():
        stream["/" + key] = value
    stream.BBox = Array([0, 0, 100, 100])
    return stream


def steps(content):
    return [str(step.operator) for step in pikepdf.parse_content_stream(content)]


def test_invisible_text_goes_and_all_else_stays(pdf):
    page = page_of(pdf, "q 1 0 0 RG 0 0 9 9 re S Q BT 3 Tr /F 9 Tf 1 1 Td (old) Tj [(x)] TJ ET")
    assert hidden_text.strip(pdf, page)
    assert steps(page) == ["q", "RG", "re", "S", "Q", "BT", "Tr", "Tf", "Td", "ET"]


def test_a_page_without_invisible_text_is_not_touched(pdf):
    page = page_of(pdf, "BT /F 9 Tf (seen) Tj 7 Tr (clip) Tj ET")
    before = page.Contents.objgen
    assert not hidden_text.strip(pdf, page)
    assert page.Contents.objgen == before


def test_the_rendering_mode_is_restored_with_the_graphics_state(pdf):
    page = page_of(pdf, "q 3 Tr BT (old) Tj ET Q BT (seen) Tj ET")
    assert hidden_text.strip(pdf, page)
    assert steps(page) == ["q", "Tr", "BT", "ET", "Q", "BT", "Tj", "ET"]


def test_going_to_the_next_line_stays_when_its_text_goes(pdf):
    page = page_of(pdf, "BT 3 Tr (a) ' 1 2 (b) \" 0 Tr 5 5 Td (seen) Tj ET")
    assert hidden_text.strip(pdf, page)
    assert steps(page) == ["BT", "Tr", "T*", "Tw", "Tc", "T*", "Tr", "Td", "Tj", "ET"]


def test_nothing_is_taken_where_visible_text_would_move(pdf):
    page = page_of(pdf, "BT 3 Tr (old) Tj 0 Tr (seen) Tj ET")
    assert not hidden_text.strip(pdf, page)
    assert "Tj" in steps(page)


def test_a_form_loses_its_text_on_this_page_alone(pdf):
    form = pdf.make_indirect(form_of(pdf, "BT 3 Tr (old) Tj ET"))
    pages = [page_of(pdf, "/Fm Do", XObject=Dictionary(Fm=form)) for _ in range(2)]
    assert hidden_text.strip(pdf, pages[0])
    texts = [steps(page.resources.XObject.Fm) for page in pages]
    assert texts == [["BT", "Tr", "ET"], ["BT", "Tr", "Tj", "ET"]]


def test_a_form_takes_over_the_mode_in_which_it_is_shown(pdf):
    form = form_of(pdf, "BT (old) Tj ET")
    page = page_of(pdf, "3 Tr /Fm Do", XObject=Dictionary(Fm=form))
    assert hidden_text.strip(pdf, page)
    assert steps(page.resources.XObject.Fm) == ["BT", "ET"]


def test_forms_that_show_themselves_end(pdf):
    form = pdf.make_indirect(form_of(pdf, "BT 3 Tr (old) Tj ET /Fm Do"))
    form.Resources = Dictionary(XObject=Dictionary(Fm=form))
    page = page_of(pdf, "/Fm Do", XObject=Dictionary(Fm=form))
    assert hidden_text.strip(pdf, page)


@pytest.mark.parametrize("content", ["(never closed", "BT 3 Tr ( a ) Tj ET <<", "[[[[ Tr"])
def test_content_that_is_broken_stays_as_it_is(pdf, content):
    page = page_of(pdf, content)
    before = page.Contents.read_bytes()
    hidden_text.strip(pdf, page)
    assert page.Contents.read_bytes() == before or b"Tj" not in page.Contents.read_bytes()
