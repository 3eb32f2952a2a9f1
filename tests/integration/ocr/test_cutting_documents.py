"""One-page files: they look like the page they were cut from, and hold nothing else."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from fanfold.errors import DamagedFile, ImageTooLarge, PasswordRequired, UnsupportedEncryption
from fanfold.model import Limits
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.settings import Engine
from tests.data import pdfs, prose
from tests.data.samples import SAMPLES
from tests.hostile import files

PDFS = [n for n, each in SAMPLES.items() if n.endswith(".pdf") and not (each.error or each.failed)]


def picture(path: Path, page: int = 1, dpi: int = 50) -> bytes:
    command = ["pdftoppm", "-cropbox", "-r", str(dpi), "-f", str(page), "-l", str(page), str(path)]
    return subprocess.run(command, capture_output=True, check=False).stdout


def cut(tool, source: Path, folder: Path) -> list[Path]:
    probe = tool.probe(source)
    cuts = tool.cut(source, probe.media_type, range(1, probe.pages + 1), folder)
    assert [each.error for each in cuts] == [None] * probe.pages
    return [each.path for each in cuts]


def saved(pdf: pikepdf.Pdf, path: Path) -> Path:
    path.write_bytes(pdfs.save(pdf))
    return path


def has_unit(source: Path, number: int) -> bool:
    """Whether a page is larger than poppler draws it."""
    with pikepdf.open(source) as pdf:
        return Name.UserUnit in pdf.pages[number - 1].obj


@pytest.mark.parametrize("name", PDFS)
def test_a_page_looks_as_it_did_in_its_document(tool, samples, tmp_path, name):
    for number, path in enumerate(cut(tool, samples / name, tmp_path), start=1):
        if not has_unit(samples / name, number):
            assert picture(path) == picture(samples / name, number), number


def test_the_same_page_is_cut_to_the_same_bytes(tool, samples, tmp_path):
    first, again = tmp_path / "first", tmp_path / "again"
    first.mkdir()
    again.mkdir()
    for one, other in zip(
        cut(tool, samples / "mixed.pdf", first),
        cut(tool, samples / "mixed.pdf", again),
        strict=True,
    ):
        assert one.read_bytes() == other.read_bytes()


def test_layers_that_are_off_stay_off_and_fields_are_drawn(tool, tmp_path):
    pdf = pdfs.typed((prose.NOTICE, prose.NOTICE))
    hidden = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([hidden]), D=Dictionary(OFF=Array([hidden])))
    page = pdf.pages[1]
    page.obj.Resources.Properties = Dictionary(Hidden=hidden)
    page.contents_add(b"/OC /Hidden BDC 0 0 300 300 re f EMC\n", prepend=True)
    parent = pdf.make_indirect(Dictionary(FT=Name.Tx, V="Filled in", DA="/Helv 24 Tf 0 g", T="a"))
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            Rect=Array([100, 100, 400, 150]),
            Parent=parent,
            P=page.obj,
            F=4,
        )
    )
    parent.Kids = Array([widget])
    page.obj.Annots = Array([widget])
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([parent]),
        NeedAppearances=True,
        DR=Dictionary(Font=Dictionary(Helv=helvetica)),
        DA="/Helv 24 Tf 0 g",
    )
    source = saved(pdf, tmp_path / "source.pdf")
    _, path = cut(tool, source, tmp_path)
    assert picture(path) == picture(source, 2)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
    assert b"Filled in" in text


def test_boxes_and_turns_are_inherited_from_above(tool, tmp_path):
    pdf = pdfs.typed((prose.NOTICE,))
    del pdf.pages[0].obj.MediaBox
    pdf.Root.Pages.MediaBox = Array([0, 0, 300, 842])
    pdf.Root.Pages.Rotate = 90
    source = saved(pdf, tmp_path / "source.pdf")
    (path,) = cut(tool, source, tmp_path)
    assert picture(path) == picture(source)
    with pikepdf.open(path) as alone:
        assert (alone.pages[0].obj.Rotate, list(alone.pages[0].mediabox)) == (90, [0, 0, 300, 842])


def test_a_page_takes_only_its_own_pictures_along(tool, tmp_path):
    pdf = pdfs.scanned(prose.LIGHTHOUSE)
    shared = Dictionary(
        {f"/Im{n}": page.obj.Resources.XObject["/Im0"] for n, page in enumerate(pdf.pages)}
    )
    for number, page in enumerate(pdf.pages):
        page.obj.Resources = Dictionary(XObject=shared)
        content = page.Contents.read_bytes().replace(b"/Im0", b"/Im%d" % number)
        page.Contents = pdf.make_stream(content)
    source = saved(pdf, tmp_path / "source.pdf")
    sizes = [path.stat().st_size for path in cut(tool, source, tmp_path)]
    assert sum(sizes) < source.stat().st_size * 1.1


def test_nothing_leads_off_the_page(tool, tmp_path):
    pdf = pdfs.typed((prose.NOTICE, prose.INVOICE))
    first, second = (page.obj for page in pdf.pages)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), P=first)
    link.Dest = Array([second, Name.Fit])
    first.Annots = Array([pdf.make_indirect(link)])
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    first.AA = Dictionary(O=script)
    pdf.Root.OpenAction = script
    pdf.attachments["secret.txt"] = b"secret"
    path, _ = cut(tool, saved(pdf, tmp_path / "source.pdf"), tmp_path)
    with pikepdf.open(path) as alone:
        kinds = [each.get("/Type") for each in alone.objects if isinstance(each, Dictionary)]
        assert kinds.count(Name.Page) == 1
        assert "/AA" not in alone.pages[0].obj
        assert not {"/OpenAction", "/Names"} & set(alone.Root.keys())


def test_the_pages_around_a_broken_one_are_cut(tool, tmp_path):
    pdf = pdfs.typed((prose.NOTICE,) * 3)
    pdf.Root.Pages.Kids[1] = 5
    source = saved(pdf, tmp_path / "source.pdf")
    probe = tool.probe(source)
    cuts = tool.cut(source, probe.media_type, range(1, probe.pages + 2), tmp_path)
    assert [each.error for each in cuts][-1] == "PAGE_UNREADABLE"
    assert len([each for each in cuts if each.path]) >= 2


def test_a_password_is_asked_for_and_an_unknown_cipher_named(tool, samples, tmp_path):
    with pytest.raises(PasswordRequired):
        tool.probe(samples / "locked-user.pdf")
    locked = (samples / "locked-owner.pdf").read_bytes()
    assert b"/V 1" in locked or b"/V 2" in locked
    strange = tmp_path / "strange.pdf"
    strange.write_bytes(locked.replace(b"/V 1", b"/V 9").replace(b"/V 2", b"/V 9"))
    with pytest.raises(UnsupportedEncryption):
        tool.probe(strange)


# --------------------------------------------------------------------------- pictures


def drawn(mode: str = "RGB", size: tuple[int, int] = (600, 400)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((50, 50, 250, 100), fill="black")
    return image.convert(mode)


def wrapped(tool, folder: Path, name: str, image: Image.Image, **options: object) -> Path:
    image.save(folder / name, **options)
    (path,) = cut(tool, folder / name, folder)
    return path


def seen(path: Path) -> Image.Image:
    """Return the page as displayed, one pixel per point."""
    return Image.open(io.BytesIO(picture(path, dpi=72))).convert("L")


def black_box(path: Path) -> tuple[int, int, int, int]:
    return seen(path).point(lambda value: 255 * (value < 128)).getbbox()


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("a.png", "1"),
        ("a.png", "L"),
        ("a.png", "LA"),
        ("a.png", "P"),
        ("a.png", "RGBA"),
        ("a.png", "I;16"),
        ("a.jpg", "L"),
        ("a.jpg", "RGB"),
        ("a.jpg", "CMYK"),
        ("a.tif", "1"),
        ("a.tif", "L"),
        ("a.tif", "CMYK"),
        ("a.tif", "LAB"),
        ("a.tif", "F"),
        ("a.bmp", "RGB"),
        ("a.gif", "P"),
        ("a.webp", "RGBA"),
        ("a.jp2", "RGBA"),
        ("a.jp2", "L"),
    ],
)
def test_every_kind_of_pixel_is_black_on_white(tool, tmp_path, name, mode):
    if mode == "I;16":
        image = drawn("L").convert("I").point(lambda value: value * 257).convert("I;16")
    elif mode == "LAB":
        image = Image.new("LAB", (600, 400), (255, 128, 128))
        image.paste((0, 128, 128), (50, 50, 251, 101))
    else:
        image = drawn(mode if mode != "F" else "L").convert(mode)
    page = wrapped(tool, tmp_path, name, image, dpi=(72, 72))
    scale = seen(page).width / image.width  # some formats hold no resolution
    found = [edge / scale for edge in black_box(page)]
    assert found == pytest.approx((50, 50, 251, 101), abs=2)


def test_transparency_is_paper(tool, tmp_path):
    image = drawn("RGBA")
    image.putalpha(drawn("L").point(lambda value: 255 - value))
    path = wrapped(tool, tmp_path, "a.png", image, dpi=(72, 72))
    assert black_box(path) == pytest.approx((50, 50, 251, 101), abs=2)


@pytest.mark.parametrize(
    ("orientation", "box"),
    [
        (1, (50, 50, 251, 101)),
        (2, (349, 50, 550, 101)),
        (3, (349, 299, 550, 350)),
        (4, (50, 299, 251, 350)),
        (5, (50, 50, 101, 251)),
        (6, (299, 50, 350, 251)),
        (7, (299, 349, 350, 550)),
        (8, (50, 349, 101, 550)),
    ],
)
def test_photos_stand_as_their_orientation_says(tool, tmp_path, orientation, box):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = wrapped(tool, tmp_path, "a.jpg", drawn(), exif=exif, quality=95, dpi=(72, 72))
    assert black_box(path) == pytest.approx(box, abs=3)


def test_a_jpeg_is_passed_through_untouched(tool, tmp_path):
    path = wrapped(tool, tmp_path, "a.jpg", drawn(), dpi=(300, 300))
    with pikepdf.open(path) as pdf:
        image = next(iter(pdf.pages[0].obj.Resources.XObject.values()))
        assert image.read_raw_bytes() == (tmp_path / "a.jpg").read_bytes()
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 144, 96]


@pytest.mark.parametrize("kind", ["print", "chequered"])
def test_black_and_white_is_packed_the_smaller_way_without_loss(tool, tmp_path, kind):
    image = drawn("1")
    if kind == "chequered":  # each change costs bits in CCITT group 4
        image = Image.frombytes("1", (600, 400), (b"\x55" * 75 + b"\xaa" * 75) * 200)
    path = wrapped(tool, tmp_path, "a.png", image, dpi=(72, 72))
    with pikepdf.open(path) as pdf:
        (stored,) = pdf.pages[0].obj.Resources.XObject.values()
        filters = {"print": "/CCITTFaxDecode", "chequered": "/FlateDecode"}
        assert filters[kind] in str(stored.Filter)
        seen_again = pikepdf.PdfImage(stored).as_pil_image().convert("1")
    assert seen_again.tobytes() == image.tobytes()


def test_a_fax_keeps_its_two_resolutions(tool, tmp_path):
    fax = drawn("1", (1728, 1082))
    path = wrapped(tool, tmp_path, "a.tif", fax, dpi=(204, 98), compression="group4")
    with pikepdf.open(path) as pdf:
        inches = [float(edge) / 72 for edge in pdf.pages[0].mediabox[2:]]
    assert inches == pytest.approx([8.47, 11.04], abs=0.01)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(sandbox, tmp_path):
    tool = SandboxedTool(sandbox, Engine(), Limits(image_pixels=100_000))
    drawn().save(tmp_path / "a.png")
    with pytest.raises(ImageTooLarge):
        tool.probe(tmp_path / "a.png")


def test_a_huge_frame_behind_a_small_one_fails_alone(sandbox, tmp_path):
    tool = SandboxedTool(sandbox, Engine(), Limits(image_pixels=100_000))
    small = drawn("1", (300, 200))
    path = tmp_path / "a.tif"
    small.save(path, save_all=True, append_images=[drawn("1", (600, 400)), small])
    probe = tool.probe(path)
    cuts = tool.cut(path, probe.media_type, range(1, probe.pages + 1), tmp_path)
    assert [each.error for each in cuts] == [None, "PIXELS_EXCEEDED", None]


def test_a_picture_that_is_known_but_broken_says_so(tool, tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    with pytest.raises(DamagedFile, match="PNG"):
        tool.probe(tmp_path / "a.png")


def test_a_character_map_that_is_a_path_is_forgotten(tool, tmp_path):
    source = tmp_path / "source.pdf"
    told = b"/Type0/BaseFont/X/Encoding/..#2f..#2fetc#2fpasswd/DescendantFonts[<<>>]"
    font = b"<</Type/Font/Subtype%s/ToUnicode<</UseCMap/#2fdev#2fzero>>>>" % told
    source.write_bytes(files.page(resources=b"/Font<</F1 %s>>/ColorSpace<</A#2fB 9>>" % font))

    (cut,) = tool.cut(source, "application/pdf", [1], tmp_path)

    with pikepdf.open(cut.path) as pdf:
        resources = pdf.pages[0].resources
        assert resources.Font.F1.Encoding == "/Identity-H"
        assert resources.Font.F1.ToUnicode.UseCMap == "/Identity-H"
        assert "/A/B" in resources.ColorSpace  # a name that nobody takes for a path
