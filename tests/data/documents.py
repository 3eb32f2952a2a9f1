"""Sound PDF files: scanned, born digital, turned, cropped, locked with an empty password."""

from __future__ import annotations

import io

import img2pdf
import pikepdf
from pikepdf import Array

from tests.data import pdfs, pictures, prose
from tests.data.registry import sample


@sample("scan.pdf", "four A4 scans with bookmarks", *prose.LIGHTHOUSE)
def scan() -> bytes:
    pdf = pdfs.scanned(prose.LIGHTHOUSE)
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("The second winter", 1))
    return pdfs.save(pdf)


@sample("fax.pdf", "one bilevel CCITT page, wrapped as scanners do", prose.NOTICE)
def fax() -> bytes:
    picture = pictures.encode(pictures.bilevel(prose.NOTICE), "TIFF", compression="group4")
    with pikepdf.open(io.BytesIO(img2pdf.convert(picture, nodate=True))) as pdf:
        del pdf.trailer.ID
        return pdfs.save(pdf)


@sample("native.pdf", "two born-digital pages", prose.INVOICE, prose.LIGHTHOUSE[0])
def native() -> bytes:
    return pdfs.save(pdfs.typed((prose.INVOICE, prose.LIGHTHOUSE[0])))


@sample("mixed.pdf", "a native, a scanned and a blank page", prose.INVOICE, prose.LIGHTHOUSE[1], "")
def mixed() -> bytes:
    pdf = pdfs.typed((prose.INVOICE,))
    pdfs.add_picture(pdf, pictures.scan(prose.LIGHTHOUSE[1]))
    pdfs.add_page(pdf, b"", pdfs.A4)
    return pdfs.save(pdf)


@sample(
    "rotated.pdf", "scans stored turned, upright by /Rotate 90, 180 and 270", *prose.LIGHTHOUSE[:3]
)
def rotated() -> bytes:
    pdf = pdfs.new()
    for text, angle in zip(prose.LIGHTHOUSE, (90, 180, 270), strict=False):
        # /Rotate turns clockwise, Pillow counter-clockwise.
        stored = pictures.scan(text, pictures.A5).rotate(angle, expand=True)
        pdfs.add_picture(pdf, stored, Rotate=angle)
    return pdfs.save(pdf)


@sample("sideways.pdf", "a scan that lies on its side, and no /Rotate says so", prose.NOTICE)
def sideways() -> bytes:
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.scan(prose.NOTICE, pictures.A5).rotate(90, expand=True))
    return pdfs.save(pdf)


@sample("cropped.pdf", "a crop box away from the origin, inside a larger media box", prose.NOTICE)
def cropped() -> bytes:
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.scan(prose.NOTICE, pictures.A5), origin=(100, 50))
    pdf.pages[0].cropbox = Array([120, 90, 500, 640])
    pdf.pages[0].mediabox = Array([-20, -10, 600, 700])
    return pdfs.save(pdf)


@sample(
    "sizes.pdf",
    "A5 upright, A4, a narrow receipt, a landscape page of UserUnit 2",
    prose.NOTICE,
    prose.LIGHTHOUSE[2],
    prose.INVOICE,
    prose.LIGHTHOUSE[3],
)
def sizes() -> bytes:
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.scan(prose.NOTICE, pictures.A5))
    pdfs.add_picture(pdf, pictures.scan(prose.LIGHTHOUSE[2]))
    pdfs.add_picture(pdf, pictures.scan(prose.INVOICE, (900, 1500)))
    pdfs.add_text(pdf, prose.LIGHTHOUSE[3], (0, 0, 842, 595), UserUnit=2)
    return pdfs.save(pdf)


@sample(
    "locked-empty.pdf", "AES-256 with an empty user password: opens for everybody", prose.INVOICE
)
def locked_empty() -> bytes:
    return pdfs.save(pdfs.typed((prose.INVOICE,)), pikepdf.Encryption(owner="keeper", user=""))


@sample("locked-owner.pdf", "RC4 with an owner password only, extraction forbidden", prose.INVOICE)
def locked_owner() -> bytes:
    locks = pikepdf.Encryption(
        owner="keeper", R=3, aes=False, metadata=False, allow=pikepdf.Permissions(extract=False)
    )
    return pdfs.save(pdfs.typed((prose.INVOICE,)), locks)
