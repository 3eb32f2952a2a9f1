"""What a page's objects say of its size is what poppler draws, and no picture stays unseen."""

from __future__ import annotations

import subprocess
import zlib
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf
from PIL import Image

from fanfold.errors import PageUnreadable, RenderFailed
from fanfold.ocr.layer import images as page_images
from fanfold.ocr.layer import sheet
from tests.data import pdfs
from tests.hostile import files

INLINE = b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
TEXT = b"BT /F1 12 Tf (A BIG word and a BI word) Tj ET"


def drawn(path: Path) -> tuple[int, int]:
    """Return the size in points, rounded up, of what poppler draws."""
    target = path.with_suffix("")
    command = ["pdftoppm", "-r", "72", "-gray", "-cropbox", "-singlefile", path, target]
    subprocess.run(command, check=True, capture_output=True)
    with Image.open(target.with_suffix(".pgm")) as picture:
        return picture.size


@pytest.mark.parametrize(
    ("media", "entries"),
    [
        (b"[0 0 300 200]", b""),
        (b"[-30 20 270.5 220]", b"/Rotate 90"),
        (b"[0 0 300 200]", b"/Rotate -90"),
        (b"[0 0 300 200]", b"/Rotate 45"),
        (b"[0 0 300 200]", b"/CropBox[10 10 900 900] /Rotate 270"),
        (b"[0 0 300 200]", b"/CropBox[10 10 350 150]"),
        (b"[0 0 300 200]", b"/UserUnit 3"),
        (b"[/a /b /c /d]", b"/CropBox[0 0 100 100]"),
        (b" null", b""),
    ],
)
def test_a_page_is_as_large_as_poppler_draws_it(tmp_path, media, entries):
    path = tmp_path / "page.pdf"
    path.write_bytes(files.page(TEXT, box=media, entries=entries))
    found = sheet.look(str(path)).sheet
    assert drawn(path) == pytest.approx((found.width, found.height), abs=1)


@pytest.mark.parametrize(
    ("media", "entries"),
    [
        (b"[0 0 300 0]", b""),
        (b"[9 9 9 9]", b""),
        (b"[0 0 300 200]", b"/CropBox[1000 1000 1100 1050]"),
    ],
)
def test_a_page_without_an_area_cannot_be_drawn(tmp_path, media, entries):
    (tmp_path / "page.pdf").write_bytes(files.page(TEXT, box=media, entries=entries))
    with pytest.raises(RenderFailed):
        sheet.look(str(tmp_path / "page.pdf"))


def test_what_has_no_page_is_unreadable(tmp_path):
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\ntrailer <<>>\n")
    with pytest.raises(PageUnreadable):
        sheet.look(str(tmp_path / "page.pdf"))


def typed(content: bytes = TEXT) -> Pdf:
    pdf = pdfs.new()
    pdfs.add_page(pdf, content, (0, 0, 300, 200), Dictionary())
    return pdf


def pictured(pdf: Pdf, tmp_path: Path) -> bool:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    return sheet.look(str(path)).pictured


def test_words_are_no_pictures(tmp_path):
    assert not pictured(typed(b"BT (A BIG word) Tj ET"), tmp_path)
    assert not pictured(typed(b""), tmp_path)


def test_a_picture_is_one_wherever_it_lies(tmp_path):
    assert pictured(pdfs.scanned(("word",)), tmp_path)
    assert pictured(typed(INLINE), tmp_path)


@pytest.mark.parametrize("kind", [{"Subtype": Name.Form}, {"PatternType": 1}])
def test_so_is_one_within_a_form_or_a_pattern(tmp_path, kind):
    pdf = typed()
    pdf.pages[0].obj.Resources.Thing = pdf.make_stream(INLINE, **kind)
    assert pictured(pdf, tmp_path)


def test_of_several_parts_of_a_page_each_is_searched(tmp_path):
    pdf = typed(b"q Q")
    pdf.pages[0].obj.Contents = Array([pdf.make_stream(b"q Q"), pdf.make_stream(INLINE)])
    assert pictured(pdf, tmp_path)


def packed(data: bytes, **entries: object) -> Pdf:
    pdf = typed()
    stream = pdf.make_stream(b"")
    stream.write(data, **entries)
    pdf.pages[0].obj.Contents = stream
    return pdf


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (zlib.compress(b" " * 10**8), Name.FlateDecode),
        (b"no deflated data", Name.FlateDecode),
        (b"3C>", Name.ASCIIHexDecode),
    ],
    ids=["long", "broken", "unusual"],
)
def test_where_it_would_be_dear_to_search_poppler_is_asked(tmp_path, data, name):
    path = tmp_path / "page.pdf"
    packed(data, filter=name).save(path, compress_streams=False)
    assert sheet.look(str(path)).pictured


def paper(pdf: Pdf, tmp_path: Path) -> sheet.Paper:
    (tmp_path / "page.pdf").write_bytes(pdfs.save(pdf))
    return sheet.look(str(tmp_path / "page.pdf"))


def scan(placing: bytes = b"q 300 0 0 200 0 0 cm /Im0 Do Q", **entries: object) -> Pdf:
    """Give a page of 300 x 200 points that places a picture of 600 x 400 pixels."""
    pdf = pdfs.new()
    image = pdf.make_stream(bytes(600 * 400), Type=Name.XObject, Subtype=Name.Image, Width=600,
                            Height=400, ColorSpace=Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
    resources = Dictionary(XObject=Dictionary(Im0=image), **entries)
    pdfs.add_page(pdf, placing, (0, 0, 300, 200), resources)
    return pdf


def test_a_scan_has_no_letters(tmp_path):
    assert not paper(scan(), tmp_path).lettered


def test_whatever_names_a_font_may_have_letters(tmp_path):
    font = Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))
    assert paper(scan(Font=font), tmp_path).lettered
    pdf = scan()
    form = pdf.make_stream(TEXT, Subtype=Name.Form, Resources=Dictionary(Font=font))
    pdf.pages[0].obj.Resources.XObject.Form = form
    assert paper(pdf, tmp_path).lettered
    state = Dictionary(G1=Dictionary(Font=Array([font.F1, 12])))
    assert paper(scan(ExtGState=state), tmp_path).lettered


def test_dictionaries_within_each_other_are_followed_however_deep(tmp_path):
    pdf = scan()
    deep = Dictionary(Font=Dictionary())
    for _ in range(400):
        deep = Dictionary(A=deep)
    pdf.pages[0].obj.Deep = deep
    assert paper(pdf, tmp_path).lettered
    pdf.pages[0].obj.Deep = Object.parse(b"<</A " * 450 + b"1" + b">>" * 450)
    assert not paper(pdf, tmp_path).lettered


def test_annotations_may_be_written_without_a_font(tmp_path):
    pdf = scan()
    pdf.pages[0].obj.Annots = Array()
    assert paper(pdf, tmp_path).lettered


def test_a_page_of_many_objects_may_have_letters(tmp_path):
    pdf = scan()
    pdf.Root.Things = Array([pdf.make_indirect(Dictionary(Number=n)) for n in range(60)])
    assert paper(pdf, tmp_path).lettered


@pytest.mark.parametrize(
    "placing",
    [
        b"q 300 0 0 200 0 0 cm /Im0 Do Q",
        b"300 0 0 200 0 0 cm /Im0 Do",
        b"q .5 0 0 .5 10 10 cm q 300 0 0 200 0 0 cm /Im0 Do Q Q",
        b"q 150 0 0 100 0 100 cm /Im0 Do Q q 90 0 0 60 0 0 cm /Im0 Do Q",
        b"q 0 200 -300 0 300 0 cm /Im0 Do Q",
        b"q 300 0 0 -200 0 200 cm /Im0 Do Q Q Q",
        b"1 g 0 0 300 200 re f q 72.3 0 0 71.9 5 5 cm /Im0 Do Q",
        b"0 0 300 200 re S",
    ],
)
def test_what_a_page_places_is_what_pdfimages_lists(tmp_path, placing):
    found = paper(scan(placing), tmp_path)
    assert found.placed is not None
    source = str(tmp_path / "page.pdf")
    told, asked = (page_images.look(source, None, p) for p in (found, found._replace(placed=None)))
    assert told.share == pytest.approx(asked.share, abs=0.02)
    assert told.dpi == asked.dpi or placing.startswith(b"q 0 200")


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_scan_is_as_fine_as_a_level_one(tmp_path, rotation):
    pdf = scan()
    pdf.pages[0].obj.Rotate = rotation
    found = paper(pdf, tmp_path)
    assert page_images.look("", None, found) == (1.0, 144.0)


@pytest.mark.parametrize(
    "placing",
    [
        INLINE,
        b"/Missing Do",
        b"q 0 0 0 0 0 0 cm /Im0 Do Q",
        b"1 0 0 1 cm /Im0 Do",
        b"(a) (b) (c) (d) (e) (f) cm /Im0 Do",
        b"Do",
        b"/Im0 Do" + b" " * 3000,
    ],
    ids=["inline", "missing", "flat", "short", "words", "nothing", "long"],
)
def test_what_a_page_does_not_tell_is_asked_from_poppler(tmp_path, placing):
    assert paper(scan(placing), tmp_path).placed is None


def test_a_form_may_hold_more_pictures(tmp_path):
    pdf = scan(b"/Form Do")
    pdf.pages[0].obj.Resources.XObject.Form = pdf.make_stream(INLINE, Subtype=Name.Form)
    assert paper(pdf, tmp_path).placed is None


def test_a_pattern_may_hold_more_pictures(tmp_path):
    assert paper(scan(Pattern=Dictionary()), tmp_path).placed is None


def test_a_picture_without_a_size_is_left_to_poppler(tmp_path):
    pdf = scan()
    del pdf.pages[0].obj.Resources.XObject.Im0.Width
    assert paper(pdf, tmp_path).placed is None
