"""What is broken in a file is told: by the page, by the document, never by silence."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from bench import damage as sweep
from bench import readers
from fanfold.errors import PageDamaged
from fanfold.model import Concern, Mode
from fanfold.settings import Engine
from tests.data import packed, pdfs, pictures

SIZE = (560, 400)


def saved(pdf: pikepdf.Pdf, path: Path) -> Path:
    path.write_bytes(pdfs.save(pdf))
    return path


@pytest.fixture
def pages(tool, read, tmp_path):
    """Cut a document and read its pages; codes of errors stand for pages that fail."""

    def pages(source: Path):
        probe = tool.probe(source)
        cuts = tool.cut(source, probe.media_type, range(1, probe.pages + 1), tmp_path)
        return probe, [read(cut.path).page if cut.path else cut.error for cut in cuts]

    return pages


def codes(page) -> list[str]:
    return [one.code for one in page.damage]


def test_no_word_is_lost_in_silence():
    with readers.house(Engine()) as house:
        told = sweep.sweep(house, 12, seed=3, names=(sweep.TYPED, "jpeg"))
    assert sweep.silent(told) == 0
    assert sum(tally.lost for tally in told.values()) > 0


def test_a_page_whose_picture_is_gone_fails(tool, read, tmp_path):
    pdf = pdfs.scanned(["A lantern"])
    pdf.pages[0].obj.Resources.XObject = Dictionary()
    source = saved(pdf, tmp_path / "gone.pdf")
    (cut,) = tool.cut(source, "application/pdf", [1], tmp_path)
    with pytest.raises(PageDamaged):
        read(cut.path)


def test_a_broken_picture_costs_its_page_alone(pages, tmp_path):
    data = packed.scanned("jpeg")
    places = [at for at in range(len(data)) if data.startswith(b"\xff\xd8\xff", at)]
    hole = places[2] + (places[3] - places[2]) // 2
    source = tmp_path / "hole.pdf"
    source.write_bytes(data[:hole] + bytes(1500) + data[hole + 1500 :])
    probe, found = pages(source)
    assert probe.damage == ()
    assert [codes(page) for page in found if page is not found[2]] == [[]] * 5
    assert codes(found[2]) == ["PICTURE_DAMAGED"]
    assert found[2].review


def test_a_picture_that_is_noise_from_a_changed_byte_on_is_told(pages, tmp_path):
    source, data = tmp_path / "noise.pdf", packed.scanned("jbig2")
    places = [match.end() for match in re.finditer(rb"/JBIG2Decode.*?stream\n", data, re.DOTALL)]
    at = places[3] + 360
    source.write_bytes(data[:at] + bytes(255 - byte for byte in data[at : at + 8]) + data[at + 8 :])
    _, found = pages(source)
    assert [codes(page) for page in found if page is not found[3]] == [[]] * 5
    assert codes(found[3]) == ["PICTURE_DAMAGED"]


def test_a_tree_that_names_missing_pages_is_told(tool, tmp_path):
    pdf = pdfs.typed(packed.TEXTS, (0, 0, 420, 300))
    pdf.Root.Pages.Kids[1] = pdf.make_indirect(Array([]))
    source = saved(pdf, tmp_path / "tree.pdf")
    assert tool.probe(source).damage == ("PAGES_MISSING",)


def test_a_cut_file_misses_the_pages_behind_the_cut(tool, tmp_path):
    data = packed.typed()
    source = tmp_path / "cut.pdf"
    source.write_bytes(
        data[: [at for at in range(len(data)) if data.startswith(b"/Contents", at)][4]]
    )
    probe = tool.probe(source)
    assert (probe.pages, probe.damage) == (4, ("PAGES_MISSING",))


def test_a_wrong_table_of_objects_is_no_damage(pages, tmp_path):
    data = packed.typed()
    source = tmp_path / "table.pdf"
    source.write_bytes(data[: data.rindex(b"xref\n0")] + b"%%EOF\n")
    probe, found = pages(source)
    assert (probe.pages, probe.damage) == (6, ())
    assert [page.damage for page in found] == [()] * 6


def test_the_other_parser_is_asked_before_a_file_is_refused(pages, tmp_path):
    """A tree of pages that leads back to itself: qpdf refuses it."""
    pdf = pdfs.typed(packed.TEXTS[:2], (0, 0, 420, 300))
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    pdf.Root.Pages.Count = 2
    source = saved(pdf, tmp_path / "loop.pdf")
    probe, found = pages(source)
    assert probe.pages >= 2
    assert "lantern" in found[0].words[0].text
    assert codes(found[0]) in ([], ["REBUILT"])


def test_junk_before_a_header_without_a_version_is_passed_over(tool, tmp_path):
    data = packed.typed().replace(b"%PDF-1.3", b"%PDF1.34", 1).replace(b"%PDF-1.4", b"%PDF1.44", 1)
    source = tmp_path / "junk.pdf"
    source.write_bytes(b"junk\n" * 600 + data)
    assert tool.probe(source).pages == 6


def test_a_unit_makes_the_page_as_large_as_it_is(pages, tmp_path):
    pdf = pdfs.new()
    pdfs.add_text(pdf, "harbour bells", (0, 0, 200, 150), UserUnit=3)
    _, (page,) = pages(saved(pdf, tmp_path / "unit.pdf"))
    assert (page.width, page.height) == (600, 450)
    assert page.words[0].box.height > 30


def test_thumbnails_are_no_pages(tool, tmp_path):
    page, small = pictures.scan("A page", SIZE), pictures.scan("A page", SIZE).resize((70, 50))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    source = tmp_path / "thumb.tif"
    page.save(source, "TIFF", save_all=True, append_images=[small])
    assert tool.probe(source).pages == 1


def test_masks_are_no_pages(tool, tmp_path):
    page, mask = pictures.scan("A page", SIZE), Image.new("1", SIZE, 1)
    mask.encoderinfo = {"tiffinfo": {254: 4, 262: 4}}
    source = tmp_path / "mask.tif"
    page.save(source, "TIFF", save_all=True, append_images=[mask])
    assert tool.probe(source).pages == 1


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_tiff_that_is_not_packed_is_read(pages, tmp_path, orientation):
    angle = {3: 180, 6: 90, 8: -90}[orientation]
    source = tmp_path / "turned.tif"
    turned = pictures.scan("The lantern hangs in the orchard", SIZE).rotate(angle, expand=True)
    turned.save(source, "TIFF", tiffinfo={274: orientation})
    _, (page,) = pages(source)
    assert "lantern" in [word.text for word in page.words]


def test_sixteen_bits_with_the_large_end_first_are_read(pages, tmp_path):
    source = tmp_path / "deep.tif"
    grey = pictures.scan("The lantern hangs in the orchard", SIZE)
    levels = b"".join((257 * level).to_bytes(2, "big") for level in grey.tobytes())
    Image.frombytes("I;16B", SIZE, levels).save(source, "TIFF")
    _, (page,) = pages(source)
    assert "lantern" in [word.text for word in page.words]


@pytest.mark.parametrize("level", [0, 3])
def test_a_transparency_that_leaves_nothing_does_not_count(pages, tmp_path, level):
    source = tmp_path / "ghost.png"
    picture = pictures.scan("The lantern hangs in the orchard", SIZE).convert("RGBA")
    picture.putalpha(level)
    picture.save(source)
    _, (page,) = pages(source)
    assert "lantern" in [word.text for word in page.words]


def test_a_picture_packed_in_a_way_that_nobody_knows_is_damage(pages, tmp_path):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.scan("lantern", SIZE))
    pdf.pages[0].obj.Resources.XObject.Im0.Filter = Name.NobodysDecode
    with pytest.raises(PageDamaged):
        pages(saved(pdf, tmp_path / "packed.pdf"))


def test_an_old_jpeg_in_a_tiff_is_read(tool, tmp_path):
    jpeg = pictures.encode(pictures.scan("lantern", SIZE), "JPEG")
    tags = [(256, SIZE[0]), (257, SIZE[1]), (258, 8), (259, 6), (262, 1), (273, 122), (277, 1)]
    tags += [(278, SIZE[1]), (279, len(jpeg))]
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\4\0\1\0\0\0" + value.to_bytes(4, "little")
        for tag, value in tags
    )
    head = b"II*\0\x08\0\0\0" + len(tags).to_bytes(2, "little") + entries + bytes(4)
    source = tmp_path / "old.tif"
    source.write_bytes(head.ljust(122, b"\0") + jpeg)
    (cut,) = tool.cut(source, "image/tiff", [1], tmp_path)
    assert cut.path


@pytest.mark.parametrize("mode", ["RGBA", "CMYK", "LA", "L"])
def test_jpeg_2000_in_any_colours_is_wrapped(tool, tmp_path, mode):
    source = tmp_path / "picture.jp2"
    pictures.scan("lantern", SIZE).convert(mode).save(source, "JPEG2000")
    (cut,) = tool.cut(source, "image/jp2", [1], tmp_path)
    assert cut.path


@pytest.mark.parametrize(("kind", "progressive"), [("JPEG", False), ("JPEG", True), ("PNG", None)])
def test_a_picture_that_was_cut_off_is_read_as_far_as_it_goes(pages, tmp_path, kind, progressive):
    options = {} if progressive is None else {"progressive": progressive}
    data = pictures.encode(pictures.scan("lantern\n\n\nmeadow", SIZE), kind, **options)
    source = tmp_path / "cut"
    source.write_bytes(data[: len(data) * 4 // 5])
    try:
        _, (page,) = pages(source)
    except PageDamaged:
        return
    assert codes(page) == ["PICTURE_DAMAGED"]


def test_a_portfolio_names_its_files(pages, tmp_path):
    pdf = pdfs.typed(["Open the files"], (0, 0, 420, 300))
    pdf.Root.Collection = Dictionary()
    pdf.attachments["letter.pdf"] = b"%PDF-1.4"
    _, (page,) = pages(saved(pdf, tmp_path / "portfolio.pdf"))
    assert "letter.pdf" in page.review
    assert page.concerns == (Concern.ELSEWHERE,)


@pytest.mark.parametrize(
    "said",
    [
        "Please wait... If this message is not eventually replaced by the proper contents",
        "Bitte warten... Falls nichts erscheint, kann Ihr PDF-Viewer es eventuell nicht",
        "Veuillez patienter... votre visionneuse PDF ne peut peut-etre pas afficher",
        "To view all of it, you need a later version of the PDF viewer.",
    ],
)
def test_a_page_that_asks_to_wait_is_in_review(pages, tmp_path, said):
    _, (page,) = pages(saved(pdfs.typed([said], (0, 0, 420, 300)), tmp_path / "wait.pdf"))
    assert "XFA" in page.review
    assert page.concerns == (Concern.ELSEWHERE,)


@pytest.mark.parametrize(("fields", "elsewhere"), [(0, True), (1, False)])
def test_a_form_without_fields_is_drawn_elsewhere(pages, tmp_path, fields, elsewhere):
    pdf = pdfs.typed(["An application for a lantern"], (0, 0, 420, 300))
    data = pdf.make_stream(b"<template/>")
    some = [pdf.make_indirect(Dictionary(FT=Name.Tx, T="a")) for _ in range(fields)]
    pdf.Root.AcroForm = Dictionary(XFA=data, Fields=Array(some))
    _, (page,) = pages(saved(pdf, tmp_path / "form.pdf"))
    assert (Concern.ELSEWHERE in page.concerns) is elsewhere


def test_what_is_written_of_a_broken_file_is_sound(tool, tmp_path):
    pdf = pikepdf.open(io.BytesIO(packed.scanned("flate")))
    picture = pdf.pages[0].Resources.XObject.Im0
    data = bytearray(picture.read_raw_bytes())
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(64)
    picture.write(bytes(data), filter=Name.FlateDecode)
    source, target = tmp_path / "broken.pdf", tmp_path / "mended.pdf"
    pdf.save(source, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    tool.graft(source, {}, target, mend=True)
    with pikepdf.open(target) as mended:
        assert mended.check_pdf_syntax() == []


def test_text_that_was_not_believed_is_not_found(tool, read, tmp_path):
    source = saved(pdfs.typed(["lantern lantern meadow"], (0, 0, 420, 300)), tmp_path / "typed.pdf")
    (cut,) = tool.cut(source, "application/pdf", [1], tmp_path)
    layer = read(cut.path, mode=Mode.OCR).layer
    target = tmp_path / "found.pdf"
    tool.graft(source, {1: layer}, target)
    said = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True)
    assert said.stdout.split().count("meadow") == 1


def test_a_signed_original_is_returned_as_it_is(tool, tmp_path):
    pdf = pdfs.typed(["signed"], (0, 0, 420, 300))
    field = Dictionary(FT=Name.Sig, T="s", V=Dictionary(Type=Name.Sig, Contents=b"0"))
    pdf.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([pdf.make_indirect(field)]))
    source, target = saved(pdf, tmp_path / "signed.pdf"), tmp_path / "copy.pdf"
    assert tool.probe(source).signed
    tool.graft(source, {}, target)
    assert target.read_bytes() == source.read_bytes()


def test_a_picture_with_too_few_rows_is_damaged(pages, tmp_path):
    pdf = pdfs.scanned(["A lantern in a meadow"])
    picture = pdf.pages[0].Resources.XObject.Im0
    image = Image.open(io.BytesIO(picture.read_raw_bytes()))
    picture.write(image.tobytes()[: image.width * image.height // 2])
    with contextlib.suppress(PageDamaged):  # which says the same
        _, (page,) = pages(saved(pdf, tmp_path / "short.pdf"))
        assert codes(page) == ["PICTURE_DAMAGED"]
