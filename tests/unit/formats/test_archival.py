"""Pictures become PDF/A-2b, where nothing of them is in its way."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, parse_content_stream
from PIL import Image, ImageCms

from fanfold.formats.searchable import layer_write, structure
from fanfold.formats.searchable.graft import graft
from fanfold.geometry import Turn
from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.document import image_page
from tests.data import pdfs
from tests.unit.formats.builders import layer

PART = "{http://www.aiim.org/pdfa/ns/id/}part"
PRODUCER = "{http://ns.adobe.com/pdf/1.3/}Producer"
BOX = Box(10, 10, 60, 20)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def wrapped(folder, mode="RGB", kind="PNG", **how):
    """Wrap a picture as a page of its own."""
    source, target = folder / f"{mode}.{kind}", folder / f"{mode}-{kind}.pdf"
    Image.new(mode, (200, 100), 1).save(source, kind, **how)
    with Image.open(source) as image:
        image_page.wrap(source, image, target)
    return target


def grafted(folder, *pages, layers=None):
    target = folder / "target.pdf"
    graft([str(page) for page in pages], layers or {}, str(target))
    return Pdf.open(target)


def claim(pdf):
    """Return the part of ISO 19005 that a file says it keeps, and its producer; None for none."""
    if Name.Metadata not in pdf.Root:
        return None
    xmp = ET.fromstring(pdf.Root.Metadata.read_bytes().strip())
    told = {one.tag: one.text for one in xmp.iter()}
    return (told[PART], told[PRODUCER]) if PART in told else None


@pytest.mark.parametrize(
    ("mode", "kind", "how"),
    [
        ("1", "PNG", {}),
        ("L", "PNG", {}),
        ("RGB", "PNG", {}),
        ("P", "GIF", {}),
        ("L", "JPEG", {}),
        ("RGB", "JPEG", {"icc_profile": SRGB}),
        ("1", "TIFF", {"compression": "group4"}),
    ],
)
def test_pages_that_are_pictures_say_that_they_are_for_archives(tmp_path, mode, kind, how):
    page = wrapped(tmp_path, mode, kind, **how)
    with grafted(tmp_path, page, layers={"1": layer(tmp_path / "l.pdf", "found")}) as pdf:
        assert claim(pdf) == ("2", str(pdf.docinfo[Name.Producer]))
        (intent,) = pdf.Root.OutputIntents
        profile = ImageCms.ImageCmsProfile(BytesIO(intent.DestOutputProfile.read_bytes()))
        assert ImageCms.getProfileDescription(profile).startswith("sRGB")


def test_their_text_is_tagged_and_the_picture_is_an_artifact(tmp_path):
    path = tmp_path / "l.pdf"
    text = Block((Line((Word("found", BOX, 90),), BOX),), BOX)
    layer_write.write(path, [text], Turn.none((200, 100)), 1)
    pages = [wrapped(tmp_path), wrapped(tmp_path, "L")]
    with grafted(tmp_path, *pages, layers={"2": str(path)}) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        (section,) = pdf.Root.StructTreeRoot.K.K
        assert (section.S, section.Pg.objgen) == (Name.Sect, pdf.pages[1].obj.objgen)
        assert [str(one.S) for one in section.K] == ["/P"]
        for page in pdf.pages:
            page.contents_coalesce()
            marks = [str(step.operator) for step in parse_content_stream(page)]
            assert marks.index("BMC") < marks.index("cm") < marks.index("EMC", marks.index("cm"))


def test_so_many_pictures_are_not_tagged_as_would_fill_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(structure, "_MAXIMUM_BEGUN", 1)
    found = {"1": layer(tmp_path / "l.pdf", "found")}
    with grafted(tmp_path, wrapped(tmp_path), wrapped(tmp_path, "L"), layers=found) as pdf:
        assert Name.StructTreeRoot not in pdf.Root
        assert claim(pdf) is not None


def test_a_blank_page_does_as_well(tmp_path):
    with grafted(tmp_path, wrapped(tmp_path), wrapped(tmp_path, "L")) as pdf:
        assert claim(pdf) == ("2", str(pdf.docinfo[Name.Producer]))


@pytest.mark.parametrize(
    ("mode", "kind", "how"),
    [
        ("CMYK", "JPEG", {}),
        ("RGB", "JPEG2000", {}),
        ("RGB", "JPEG", {"icc_profile": SRGB[:200]}),
    ],
)
def test_nothing_is_claimed_where_one_page_is_not_fit_for_it(tmp_path, mode, kind, how):
    with grafted(tmp_path, wrapped(tmp_path), wrapped(tmp_path, mode, kind, **how)) as pdf:
        assert claim(pdf) is None
        assert Name.OutputIntents not in pdf.Root


def spoiled(pdf, what):
    page = pdf.pages[0]
    (picture,) = page.obj.Resources.XObject.values()
    if what == "interpolated":
        picture.Interpolate = True
    elif what == "masked":
        picture.SMask = Stream(pdf, b"")
    elif what == "annotated":
        page.obj.Annots = Array([])
    elif what == "large":
        page.obj.MediaBox = Array([0, 0, 15_000, 10])
    elif what == "written on":
        page.contents_add(b"BT ET")
    else:
        page.obj.Resources.Font = Dictionary()


@pytest.mark.parametrize(
    "what", ["interpolated", "masked", "annotated", "large", "written on", "with fonts"]
)
def test_nor_where_a_page_is_more_than_its_picture(tmp_path, what):
    page = wrapped(tmp_path)
    with Pdf.open(page, allow_overwriting_input=True) as pdf:
        spoiled(pdf, what)
        pdf.save(page)
    with grafted(tmp_path, page) as pdf:
        assert claim(pdf) is None


def test_an_original_keeps_what_it_says_of_itself(tmp_path):
    base = tmp_path / "base.pdf"
    base.write_bytes(pdfs.save(pdfs.typed(("one",))))
    graft(str(base), {"1": layer(tmp_path / "l.pdf", "x")}, str(tmp_path / "target.pdf"))
    with Pdf.open(tmp_path / "target.pdf") as pdf:
        assert claim(pdf) is None
