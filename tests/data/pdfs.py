"""PDF files built object by object, so that every oddity is there on purpose."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.data import pictures

POINTS_PER_PIXEL = 72 / pictures.DPI
A4 = (0, 0, 595, 842)
Box = tuple[float, float, float, float]


def new() -> Pdf:
    """Return an empty document with a title."""
    pdf = Pdf.new()
    pdf.docinfo[Name.Title] = "A sample"
    return pdf


def add_page(
    pdf: Pdf, content: bytes, box: Box, resources: Dictionary | None = None, **more: object
) -> None:
    """Append a page; ``more`` are entries of the page's dictionary (Rotate=90)."""
    leaf = Dictionary(
        Type=Name.Page,
        MediaBox=Array(box),
        Contents=pdf.make_stream(content),
        Resources=resources or Dictionary(),
        **more,
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(leaf)))


def add_text(pdf: Pdf, text: str, box: Box = A4, **more: object) -> None:
    """Append a born-digital page: Helvetica 12 on 16 points, an inch from the top left."""
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 75) or [""]]
    shown = b"".join(b"(" + line.encode("latin-1") + b") '\n" for line in lines)
    top = f"BT /F1 12 Tf 16 TL {box[0] + 72} {box[3] - 72} Td\n".encode()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    add_page(pdf, top + shown + b"ET\n", box, Dictionary(Font=Dictionary(F1=font)), **more)


def add_picture(
    pdf: Pdf, image: Image.Image, origin: tuple[float, float] = (0, 0), **more: object
) -> None:
    """Append a scanned page whose box is the picture at its resolution, from ``origin``."""
    width, height = (side * POINTS_PER_PIXEL for side in image.size)
    picture = pdf.make_stream(
        pictures.encode(image, "JPEG", quality=70),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    content = f"q {width:.2f} 0 0 {height:.2f} {origin[0]} {origin[1]} cm /Im0 Do Q\n".encode()
    box = (*origin, round(origin[0] + width, 2), round(origin[1] + height, 2))
    add_page(pdf, content, box, Dictionary(XObject=Dictionary(Im0=picture)), **more)


def put_figure(pdf: Pdf, image: Image.Image) -> None:
    """Put a picture in grey at the lower left of the first page, which has none."""
    width, height = (side * POINTS_PER_PIXEL for side in image.size)
    picture = pdf.make_stream(
        image.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    pdf.pages[0].obj.Resources.XObject = Dictionary(Im0=picture)
    pdf.pages[0].contents_add(f"q {width} 0 0 {height} 50 50 cm /Im0 Do Q".encode())


def save(pdf: Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    """Return the file; the same bytes every time, unless it is encrypted with AES."""
    buffer = io.BytesIO()
    pdf.save(buffer, encryption=encryption or False, static_id=True)
    return buffer.getvalue()


def scanned(texts: Iterable[str]) -> Pdf:
    """Return a document of A4 scans."""
    pdf = new()
    for text in texts:
        add_picture(pdf, pictures.scan(text))
    return pdf


def typed(texts: Iterable[str], box: Box = A4) -> Pdf:
    """Return a born-digital document of pages of one size."""
    pdf = new()
    for text in texts:
        add_text(pdf, text, box)
    return pdf
