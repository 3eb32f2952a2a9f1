"""Text layers that say less than the page shows, something else, or lie on their side."""

from __future__ import annotations

import pytest
from pikepdf import Dictionary, Name

from fanfold.formats.searchable.graft import graft
from fanfold.model import Source
from tests.data import pdfs, pictures, prose
from tests.integration.formats import poppler

OTHER = "Registration number 2438, office of trade information, filed by the clerk"


@pytest.fixture
def scan_with(tmp_path):
    """Write a scan with a hidden layer: given the words and where on the page they stand."""

    def write(placed):
        pdf = pdfs.new()
        pdfs.add_picture(pdf, pictures.scan(prose.NOTICE, pictures.A5))
        page = pdf.pages[0]
        height = float(page.mediabox[3])
        shows = [
            f"1 0 0 1 {word.x0 * pdfs.POINTS_PER_PIXEL:.1f} "
            f"{height - word.y1 * pdfs.POINTS_PER_PIXEL:.1f} Tm ({word.text}) Tj"
            for word in placed
        ]
        page.contents_add(f"q BT 3 Tr /F1 9 Tf {' '.join(shows)} ET Q".encode())
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources.Font = Dictionary(F1=font)
        path = tmp_path / "scan.pdf"
        path.write_bytes(pdfs.save(pdf))
        return path

    return write


def texts(page):
    return [word.text for word in page.words]


def test_a_layer_that_somebody_recognised_is_taken(read, scan_with):
    page = read(scan_with(pictures.place(prose.NOTICE, pictures.A5))).page
    assert page.source is Source.NATIVE
    assert sorted(texts(page)) == sorted(prose.NOTICE.split())


def test_hidden_notes_about_a_scan_do_not_stand_for_it(read, scan_with):
    page = read(scan_with(pictures.place(OTHER, (500, 400)))).page
    assert page.source is Source.OCR
    assert "the page shows" in page.reason
    assert texts(page) == prose.NOTICE.split()


def test_hidden_notes_are_kept_beside_what_the_page_shows(read, scan_with):
    page = read(scan_with(pictures.place(OTHER, (500, 400)))).page
    assert page.layer_text.split() == OTHER.split()


def test_a_layer_that_is_taken_is_not_told_twice(read, scan_with):
    page = read(scan_with(pictures.place(prose.NOTICE, pictures.A5))).page
    assert page.layer_text == ""


def test_hidden_notes_are_not_found_in_the_searchable_pdf(read, scan_with, tmp_path):
    source, target = scan_with(pictures.place(OTHER, (500, 400))), tmp_path / "target.pdf"
    reading = read(source)
    graft(str(source), {"1": str(reading.layer)}, str(target))
    assert [word.text for word in poppler.words(target, 1)] == prose.NOTICE.split()
    assert poppler.picture(target, 1) == poppler.picture(source, 1)
    poppler.check(target)


@pytest.mark.parametrize(("angle", "orientation"), [(90, 270), (180, 180), (270, 90)])
def test_a_typed_page_that_lies_is_read_in_order(read, tmp_path, angle, orientation):
    text = " ".join([prose.NOTICE, prose.INVOICE])
    pdf = pdfs.new()
    pdfs.add_text(pdf, text)
    upright = tmp_path / "upright.pdf"
    upright.write_bytes(pdfs.save(pdf))
    pdf.pages[0].rotate(angle, relative=True)
    lying = tmp_path / "lying.pdf"
    lying.write_bytes(pdfs.save(pdf))

    page, expected = read(lying).page, read(upright).page

    assert page.source is Source.NATIVE
    assert page.orientation == orientation
    assert texts(page) == texts(expected)
    for word in page.words:  # boxes stand where the words are displayed
        assert 0 <= word.box.x0 < word.box.x1 <= page.width
        assert 0 <= word.box.y0 < word.box.y1 <= page.height
    tall = [w for w in page.words if w.box.y1 - w.box.y0 > w.box.x1 - w.box.x0]
    assert (len(tall) > len(page.words) / 2) == (angle != 180)


def test_a_page_of_outlines_beside_a_typed_line_is_mixed(read, tmp_path):
    pdf = pdfs.new()
    pdfs.add_text(pdf, "Notice")
    letters = pictures.page(prose.NOTICE, pictures.A5)
    dark = letters.point(lambda level: 255 * (level < 128))
    scale = pdfs.POINTS_PER_PIXEL
    drawn = []
    for y in range(0, dark.height, 2):  # each stroke a filled rectangle: no picture on the page
        row = dark.crop((0, y, dark.width, y + 1)).tobytes()
        start = None
        for x, level in enumerate([*row, 0]):
            if level and start is None:
                start = x
            elif not level and start is not None:
                drawn.append(
                    f"{start * scale:.2f} {700 - y * scale:.2f} {(x - start) * scale:.2f} "
                    f"{2 * scale:.2f} re"
                )
                start = None
    pdf.pages[0].contents_add(("q " + "\n".join(drawn) + " f Q").encode())
    path = tmp_path / "outlines.pdf"
    path.write_bytes(pdfs.save(pdf))
    page = read(path).page
    assert page.source is Source.MIXED
    assert set(prose.NOTICE.split()) <= set(texts(page))
