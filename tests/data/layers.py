"""Pages whose text layer is odd: in pieces, twice, unseen, or with wrong letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.data import pdfs

LINES = (
    "The committee met in the old reading room above the library,",
    "and eleven members of the garden society had sent apologies.",
    "They agreed to trim the hedge by the south gate in spring and",
    "to lend the green ladder to the harbour office until November.",
)
"""Enough words for a page to be taken for one of text."""

_TOP, _STEP, _LEFT = 700, 18, 60


def page(extra: str = "", before: str = "", lines: Iterable[str] = LINES, **more: object) -> Pdf:
    """Return a page of lines in Helvetica 12, with instructions ``before`` and after them."""
    shown = " ".join(
        f"1 0 0 1 {_LEFT} {_TOP - _STEP * n} Tm ({line}) Tj" for n, line in enumerate(lines)
    )
    content = f"{before}\nBT 0 g /F1 12 Tf {shown} ET\n{extra}\n"
    pdf = pdfs.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = Dictionary(Font=Dictionary(F1=font), **more)
    pdfs.add_page(pdf, content.encode("latin-1"), pdfs.A4, resources)
    return pdf


def words(text: str, x: float = _LEFT, y: float = 400, size: float = 12, how: str = "0 g") -> str:
    """Return instructions that show ``text``; ``how`` sets its colour or mode."""
    return f"q BT {how} /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET Q"


def letters(text: str, tracking: float, y: float = 400, space: float = 3.3) -> str:
    """Return instructions that show each letter by itself, so many points apart, 12 points high."""
    shows, x = [], float(_LEFT)
    for letter in text:
        if letter != " ":
            shows.append(f"1 0 0 1 {x:.2f} {y} Tm ({letter}) Tj ( ) Tj")
        x += (space if letter == " " else 7.2) + tracking
    return f"q BT 0 g /F2 12 Tf {' '.join(shows)} ET Q"


def fonts() -> Mapping[str, Dictionary]:
    """Return a second font, each of whose letters is 0.6 of its height wide."""
    courier = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    return {"F1": helvetica, "F2": courier}


def nowhere() -> Dictionary:
    """Return a Japanese font that is not in the file; its text is UTF-16."""
    system = Dictionary(Registry="Adobe", Ordering="Japan1", Supplement=2)
    part = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/HeiseiMin-W3"), DW=1000
    )
    part.CIDSystemInfo = system
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/HeiseiMin-W3"),
        Encoding=Name("/UniJIS-UTF16-H"),
        DescendantFonts=Array([part]),
    )


def mapped(pdf: Pdf, table: Mapping[str, str]) -> Pdf:
    """Give the page's font a table that says other letters for some of its glyphs."""
    pairs = "\n".join(f"<{ord(a):02x}> <{ord(b):04x}>" for a, b in table.items())
    text = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(table)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    resources = pdf.pages[0].obj.Resources
    resources.Font.F1.ToUnicode = pdf.make_stream(text.encode())
    resources.Font.F1.Encoding = Name.WinAnsiEncoding
    return pdf


def alpha(share: float) -> Dictionary:
    """Return a graphics state that lets through all but a ``share`` of what is drawn."""
    return Dictionary(Type=Name.ExtGState, ca=share)


def picture(pdf: Pdf, grey: int) -> Dictionary:
    """Return XObjects with a picture ``Im0`` of one grey."""
    image = pdf.make_stream(
        bytes([grey]) * 16,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=4,
        Height=4,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    return Dictionary(Im0=image)


def cropped(pdf: Pdf, box: Iterable[float]) -> Pdf:
    """Give the page a crop box."""
    pdf.pages[0].obj.CropBox = Array(list(box))
    return pdf


def spot() -> Dictionary:
    """Return colour spaces with one ink of its own, ``Spot``; none of it leaves paper."""
    ink = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 1, 1, 0]), N=1
    )
    return Dictionary(Spot=Array([Name.Separation, Name.Ruby, Name.DeviceCMYK, ink]))


def shade() -> Dictionary:
    """Return shadings with one from grey to dark grey, ``Shade``, over all of a page."""
    levels = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0.6]), C1=Array([0.3]), N=1)
    axial = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([60, 0, 300, 0]))
    axial.Extend, axial.Function = Array([True, True]), levels
    return Dictionary(Shade=axial)


def tiles(pdf: Pdf, image: Image.Image, size: tuple[float, float]) -> Dictionary:
    """Return patterns with one of a grey picture, ``Tiles``, of ``size`` in points."""
    width, height = size
    picture = pdf.make_stream(image.tobytes(), Type=Name.XObject, Subtype=Name.Image)
    picture.Width, picture.Height = image.size
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
    pattern = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode())
    pattern.PatternType, pattern.PaintType, pattern.TilingType = 1, 1, 1
    pattern.BBox, pattern.Matrix = Array([0, 0, *size]), Array([1, 0, 0, 1, 60, 300])
    pattern.XStep, pattern.YStep = size
    pattern.Resources = Dictionary(XObject=Dictionary(Im0=picture))
    return Dictionary(Tiles=pattern)
