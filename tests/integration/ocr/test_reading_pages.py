"""One page at a time: where words stand, how large pages may be, what the result says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from fanfold.errors import PageUnreadable, PixelsExceeded, RecognitionFailed, RenderFailed
from fanfold.model import Mode, Source
from fanfold.ocr.passes import table
from tests.data import pdfs, pictures, prose

MEDIA = (-30, 20, 565, 862)
CROP = (30, 420, 505, 822)


def typed(path: Path, rotate: int = 0, crop: tuple[float, ...] | None = None) -> Path:
    pdf = pdfs.new()
    pdfs.add_text(pdf, prose.NOTICE, MEDIA, Rotate=rotate)
    if crop:
        pdf.pages[0].cropbox = Array(crop)
    path.write_bytes(pdfs.save(pdf))
    return path


def pictured(path: Path, image: Image.Image, points: tuple[float, float]) -> Path:
    pdf = pdfs.new()
    picture = pdf.make_stream(
        image.convert("L").tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    content = f"{points[0]} 0 0 {points[1]} 0 0 cm /Im0 Do".encode()
    resources = Dictionary(XObject=Dictionary(Im0=picture))
    pdfs.add_page(pdf, content, (0, 0, *points), resources)
    path.write_bytes(pdfs.save(pdf))
    return path


@pytest.mark.parametrize("crop", [None, CROP], ids=["whole", "cropped"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_native_words_stand_where_the_eye_finds_them(read, tmp_path, turn, crop):
    page = read(typed(tmp_path / "page.pdf", turn, crop)).page
    box = crop or MEDIA
    width, height = box[2] - box[0], box[3] - box[1]
    # The first word begins an inch from the left of the media box; its baseline is a line of 16
    # points further down than an inch from the top.
    left, baseline = MEDIA[0] + 72 - box[0], box[3] - (MEDIA[3] - 72 - 16)
    expected = {
        0: (left, baseline),
        90: (height - baseline, left),
        180: (width - left, height - baseline),
        270: (baseline, width - left),
    }[turn]
    assert page.source is Source.NATIVE
    assert page.rotation == turn
    assert (page.width, page.height) == pytest.approx(
        (height, width) if turn in (90, 270) else (width, height)
    )
    first = next(word for word in page.words if word.text == "The")
    corner = {
        0: (first.box.x0, first.box.y1),
        90: (first.box.x0, first.box.y0),
        180: (first.box.x1, first.box.y0),
        270: (first.box.x1, first.box.y1),
    }[turn]
    assert corner == pytest.approx(expected, abs=4)


@pytest.mark.parametrize("crop", [None, CROP], ids=["whole", "cropped"])
def test_recognised_words_stand_where_native_ones_do(read, tmp_path, crop):
    path = typed(tmp_path / "page.pdf", crop=crop)
    native, seen = read(path, Mode.NATIVE).page, read(path, Mode.OCR).page
    assert seen.source is Source.OCR
    assert [word.text for word in seen.words] == [word.text for word in native.words]
    for one, other in zip(native.words, seen.words, strict=True):
        assert (one.box.x0, one.box.x1) == pytest.approx((other.box.x0, other.box.x1), abs=2)
        assert (one.box.y0 + one.box.y1) / 2 == pytest.approx(
            (other.box.y0 + other.box.y1) / 2, abs=3
        )


def test_the_invisible_layer_holds_what_was_read(read, tmp_path):
    reading = read(typed(tmp_path / "page.pdf"), Mode.OCR)
    assert reading.layer is not None
    text = subprocess.run(["pdftotext", reading.layer, "-"], capture_output=True, check=True).stdout
    assert text.decode().split() == [word.text for word in reading.page.words]


def test_a_result_says_how_it_came_about(read, tmp_path):
    page = read(typed(tmp_path / "page.pdf"), Mode.OCR).page
    steps = {"native", "render", "recognise", "codes", "total", "cpu"}
    assert steps <= set(page.timings) <= steps | set(table.PASS_NAMES)
    assert page.timings["cpu"] > page.timings["native"]
    assert (page.dpi, page.languages, page.number) == (150, "eng", 1)
    assert page.confidence > 80


def test_a_scanned_page_without_ink_is_blank_and_costs_no_recognition(read, tmp_path):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.scan(""))
    path = tmp_path / "blank.pdf"
    path.write_bytes(pdfs.save(pdf))
    page = read(path, tesseract="/no/such/program").page
    assert (page.source, page.reason) == (Source.BLANK, "nothing on the page")


def test_a_blank_page_is_done_and_empty(read, tmp_path):
    path = tmp_path / "blank.pdf"
    path.write_bytes(pdfs.save(pdfs.typed(("",))))
    for mode in Mode:
        reading = read(path, mode)
        assert (reading.page.source, reading.page.blocks, reading.layer) == (Source.BLANK, (), None)


@pytest.mark.parametrize(
    "box",
    ["[0 0 nan nan]", "[0 0 -600 -800]", "[9 9 9 9]", "[0 0 1e9 1e9]", "[0 0 1e-9 1e-9]", "null"],
)
def test_an_absurd_box_ends_typed(read, tmp_path, box):
    pdf = pdfs.typed((prose.NOTICE,))
    whole = pdfs.save(pdf).replace(b"[ 0 0 595 842 ]", box.encode())
    (tmp_path / "page.pdf").write_bytes(whole)
    try:
        page = read(tmp_path / "page.pdf", Mode.OCR).page
    except (PageUnreadable, PixelsExceeded, RenderFailed, RecognitionFailed):
        return
    assert page.width > 0
    assert page.height > 0


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"/etc/passwd", b"%PDF-1.4\n" + b"\xff" * 999]
)
def test_what_is_no_page_is_unreadable(read, tmp_path, data):
    (tmp_path / "page.pdf").write_bytes(data)
    with pytest.raises(PageUnreadable):
        read(tmp_path / "page.pdf")


@pytest.mark.parametrize("mode", Mode)
def test_a_page_that_poppler_can_make_nothing_of_is_not_taken_for_blank(read, tmp_path, mode):
    pdf = pdfs.typed((prose.NOTICE,))
    pdf.pages[0].obj.Contents = 5
    (tmp_path / "page.pdf").write_bytes(pdfs.save(pdf))
    with pytest.raises(RenderFailed):
        read(tmp_path / "page.pdf", mode)


def test_81_million_pixels_are_drawn_within_the_memory_of_the_small_function(read, tmp_path):
    path = pictured(tmp_path / "page.pdf", Image.new("L", (9000, 9000), "white"), (2160, 2160))
    assert read(path).page.source is Source.BLANK


def test_a_page_that_needs_more_pixels_than_it_may_have_is_refused_before_it_is_drawn(
    read, tmp_path
):
    path = pictured(tmp_path / "page.pdf", Image.new("L", (90, 90)), (9000, 9000))
    with pytest.raises(PixelsExceeded):
        read(path)


@pytest.mark.parametrize("languages", ["xyz", "../../eng", "-l", "eng --psm 0", ""])
def test_a_language_that_is_not_there_is_a_typed_error(read, tmp_path, languages):
    with pytest.raises(RecognitionFailed):
        read(typed(tmp_path / "page.pdf"), Mode.OCR, languages)


def test_programs_are_started_where_the_settings_say(read, tmp_path):
    folder = Path(shutil.which("pdftoppm") or "").parent
    assert read(typed(tmp_path / "page.pdf"), Mode.OCR, poppler=folder).page.words


def test_a_text_layer_behind_a_scan_that_says_something_else_is_not_believed(read, tmp_path):
    pdf = pdfs.scanned((prose.LIGHTHOUSE[0],))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources.Font = Dictionary(F1=font)
    lines = b"".join(b"(REGISTRATION NUMBER=N/A) ' " for _ in range(30))
    hidden = b"BT 3 Tr /F1 6 Tf 7 TL 10 800 Td " + lines + b"ET\n"
    pdf.pages[0].contents_add(hidden, prepend=True)
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    page = read(path).page
    assert page.source is Source.OCR
    assert "lighthouse" in " ".join(word.text for word in page.words)


def test_words_outside_the_crop_box_are_not_there(read, tmp_path):
    pdf = pdfs.typed((prose.NOTICE,))
    pdf.pages[0].cropbox = Array([0, 0, 595, 400])
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    assert read(path).page.words == ()


def test_a_page_of_a_damaged_font_is_still_a_page(read, tmp_path):
    pdf = pdfs.typed((prose.NOTICE,))
    pdf.pages[0].obj.Resources.Font.F1 = Dictionary(Type=Name.Font, Subtype=pikepdf.Name("/Nope"))
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    assert read(path).page.source in (Source.BLANK, Source.OCR, Source.NATIVE)


def test_words_read_from_narrowed_lines_stand_where_they_are(read, tmp_path, monkeypatch):
    sheet = pictures.page(prose.NOTICE, (1275, 1650))
    coarse = read(pictured(tmp_path / "coarse.pdf", sheet, (612, 792)), Mode.OCR).page
    double = sheet.resize((2550, 3300), Image.Resampling.BICUBIC)
    fine = read(pictured(tmp_path / "fine.pdf", double, (612, 792)), Mode.OCR).page
    once = [{w.text: w.box for w in page.words if _is_once(w, page)} for page in (coarse, fine)]
    shared = [(once[0][text], once[1][text]) for text in once[0].keys() & once[1].keys()]
    assert len(shared) > 20
    for box, other in shared:
        assert (box.x0, box.x1) == pytest.approx((other.x0, other.x1), abs=3)


def _is_once(word, page) -> bool:
    return [other.text for other in page.words].count(word.text) == 1
