"""Files that are damaged, hostile or not ours to read, and the code each must end with."""

from __future__ import annotations

import io
import zipfile

import pikepdf
from pikepdf import Array, Name

from tests.data import pdfs, pictures, prose
from tests.data.registry import sample


@sample("locked-user.pdf", "opens with the password “tide” only", error="PASSWORD_REQUIRED")
def locked_user() -> bytes:
    return pdfs.save(pdfs.typed((prose.INVOICE,)), pikepdf.Encryption(owner="keeper", user="tide"))


@sample("empty.pdf", "0 bytes", error="EMPTY_FILE")
def empty() -> bytes:
    return b""


@sample("one-byte.pdf", "1 byte", error="UNSUPPORTED_TYPE")
def one_byte() -> bytes:
    return b"%"


@sample("letter.txt", "plain text", error="UNSUPPORTED_TYPE")
def letter() -> bytes:
    return prose.NOTICE.encode()


@sample(
    "path.png",
    "a text named .png that holds a path, which tesseract would open",
    error="UNSUPPORTED_TYPE",
)
def path_png() -> bytes:
    return b"/etc/passwd\n"


def _native() -> bytes:
    return pdfs.save(pdfs.typed((prose.INVOICE,)))


@sample("archive.zip", "an archive with a PDF in it", error="UNSUPPORTED_TYPE")
def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(zipfile.ZipInfo("invoice.pdf"), _native())
    return buffer.getvalue()


@sample("truncated.pdf", "ends before its first page object", error="DAMAGED_FILE")
def truncated() -> bytes:
    return _native()[:60]


@sample(
    "truncated.png",
    "ends in the middle of its pixels, below its text",
    prose.NOTICE,
)
def truncated_png() -> bytes:
    whole = pictures.encode(pictures.scan(prose.NOTICE, pictures.A5), "PNG")
    return whole[: len(whole) // 2]


@sample("no-pages.pdf", "a sound PDF with 0 pages", error="NO_PAGES")
def no_pages() -> bytes:
    return pdfs.save(pdfs.new())


@sample(
    "one-bad-page.pdf",
    "page 2 of 3 is 200,000 points wide and high",
    prose.INVOICE,
    "",
    prose.NOTICE,
    failed=((2, "PIXELS_EXCEEDED"),),
)
def one_bad_page() -> bytes:
    pdf = pdfs.typed((prose.INVOICE, "", prose.NOTICE))
    pdf.pages[1].mediabox = Array([0, 0, 200_000, 200_000])
    return pdfs.save(pdf)


@sample(
    "odd-pages.pdf",
    "contents of a wrong type, no box, a box of names, an empty box",
    *(prose.NOTICE, "", prose.NOTICE, prose.NOTICE, prose.NOTICE),
    failed=((2, "RENDER_FAILED"),),
)
def odd_pages() -> bytes:
    pdf = pdfs.typed((prose.NOTICE,) * 5)
    pdf.pages[1].obj.Contents = 5
    del pdf.pages[2].obj.MediaBox
    pdf.pages[3].obj.MediaBox = Array([Name.a, Name.b, Name.c, Name.d])
    pdf.pages[4].obj.MediaBox = Array([0, 0, 0, 0])
    return pdfs.save(pdf)
