"""Sound documents that mutants are made of: small, of every kind, made here."""

from __future__ import annotations

import io
from functools import cache

import img2pdf
import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.data import pdfs, pictures, prose

_SMALL = (900, 520)
_TEXT = "The reading room opens at nine and closes at six."


def _picture():
    return pictures.scan(_TEXT, _SMALL)


def _rich() -> bytes:
    """A typed page, a scan, a form, layers, an annotation, an outline and an attachment."""
    pdf = pdfs.typed((prose.INVOICE, prose.NOTICE))
    pdfs.add_picture(pdf, _picture())
    page = pdf.pages[0]
    form = pdf.make_stream(b"0.9 g 0 0 90 20 re f", Type=Name.XObject, Subtype=Name.Form)
    form.BBox = Array([0, 0, 90, 20])
    widget = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T="field",
        V="value",
        Rect=Array([72, 72, 162, 92]),
        AP=Dictionary(N=form),
    )
    page.obj.Annots = Array([pdf.make_indirect(widget)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([page.obj.Annots[0]]), NeedAppearances=True)
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="layer"))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(ON=Array([layer]), Order=Array([layer]))
    )
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("start", 0))
    pdf.attachments["note.txt"] = b"a note"
    return pdfs.save(pdf)


def _packed() -> bytes:
    """Objects and tables in compressed streams."""
    pdf = pdfs.typed((prose.INVOICE,))
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _fax() -> bytes:
    image = pictures.encode(pictures.bilevel(_TEXT, _SMALL), "TIFF", compression="group4")
    return img2pdf.convert(image, nodate=True)


def _tiff() -> bytes:
    first, second = pictures.bilevel(_TEXT, _SMALL), _picture()
    second.encoderinfo = {"compression": "tiff_lzw"}
    return pictures.encode(
        first, "TIFF", compression="group4", save_all=True, append_images=[second]
    )


@cache
def all_seeds() -> dict[str, bytes]:
    """Return the documents by name."""
    picture = _picture()
    return {
        "rich.pdf": _rich(),
        "packed.pdf": _packed(),
        "fax.pdf": _fax(),
        "page.png": pictures.encode(picture, "PNG"),
        "page.jpg": pictures.encode(picture, "JPEG", quality=60),
        "page.jp2": pictures.encode(picture, "JPEG2000", quality_layers=[20]),
        "page.webp": pictures.encode(picture, "WEBP", quality=60),
        "page.gif": pictures.encode(picture, "GIF"),
        "page.bmp": pictures.encode(picture, "BMP"),
        "pages.tiff": _tiff(),
    }
