"""What a file is, by its content alone, and how many pages it has. Runs in the child."""

from __future__ import annotations

import contextlib
import itertools
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, Jpeg2KImagePlugin, TiffImagePlugin, WebPImagePlugin

from fanfold import pdf_signatures
from fanfold.errors import (
    DamagedFile,
    DocumentError,
    EmptyFile,
    ImageTooLarge,
    PasswordRequired,
    UnsupportedEncryption,
    UnsupportedType,
)
from fanfold.ocr.document import active_content, page_tree, second
from fanfold.ocr.document.signatures import guess, image_name, other_name

PDF = "application/pdf"
PDF_MARK = b"%PDF-"
IMAGE_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "JPEG2000", "GIF")
Image.preinit()  # the others of them; init() would load forty formats that are never opened
LOADED = (Jpeg2KImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""What opens them beside the usual ones: in the zygote, else every child would load it anew."""

DAMAGED = (
    ArithmeticError,
    AssertionError,  # img2pdf checks what a file says with assert
    AttributeError,
    EOFError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What pikepdf, Pillow and img2pdf raise, besides errors of their own and OSError, for objects and
pixels that are not what they should be."""

_JUNK = 65_536
"""Maximum of bytes before a PDF's first object that are gone over."""

_OBJECT = re.compile(rb"(?:^|[\r\n ])\d{1,10} \d{1,5} obj\b")

_SUBFILE, _REDUCED, _MASK = 254, 1, 4
"""TIFF's tag for what a picture is, and its bits that say that it is a smaller copy of another, or
a mask that tells which parts of another are seen."""

_HEAD = 1024
"""Readers accept a PDF whose mark stands within the first 1024 bytes (ISO 32000-1, annex H)."""


def probe(source: str, image_pixels: int, poppler: str | None = None) -> dict[str, Any]:
    """Return ``{"media_type", "pages", "damage"}``; raise DocumentError subclasses.

    Of a PDF ``signed`` and ``active_content``, too.

    Frames of an animation (GIF, WebP, PNG) are not pages: the first stands for the file. An image
    may have ``image_pixels`` pixels per frame.
    """
    with Path(source).open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise EmptyFile
    if head.startswith(PDF_MARK):
        return _probe_pdf(source, poppler)
    if image_name(head) is not None:
        return _probe_image(source, head, image_pixels)
    if (other := other_name(head, source)) is not None:  # an archive may begin with a PDF
        raise UnsupportedType(f"This is {other}.")
    if PDF_MARK in head:
        return _probe_pdf(source, poppler)
    return _probe_headless(source, head, poppler)


def _probe_pdf(source: str, poppler: str | None) -> dict[str, Any]:
    """Count the pages of a PDF; poppler is asked where qpdf cannot open it.

    But not of a cipher that nobody knows: poppler takes that for none.
    """
    try:
        with opened_pdf(source) as pdf:
            broken = page_tree.damage(pdf)
            signed = pdf_signatures.signed(pdf) and not pdf.is_encrypted
            active = _active_content(pdf)
            found = len(pdf.pages) or second.pages(source, poppler)
            broken |= page_tree.warned(pdf.get_warnings())
    except UnsupportedEncryption:
        raise
    except DocumentError:
        found, broken, signed = second.pages(source, poppler), set(), False
        active = []
        if not found:
            raise
    told = {"damage": sorted(broken), "signed": signed, "active_content": active}
    return {"media_type": PDF, "pages": found, **told}


def _active_content(pdf: pikepdf.Pdf) -> list[str]:
    """Return the codes of what a PDF does by itself, as far as it can be followed."""
    found: set[str] = set()
    with contextlib.suppress(pikepdf.PdfError, *DAMAGED):
        for code in active_content.codes(pdf):
            found.add(code)
    return sorted(found)


def _probe_headless(source: str, head: bytes, poppler: str | None) -> dict[str, Any]:
    """Take a file for a PDF that has objects of one, whatever it begins with."""
    with Path(source).open("rb") as stream:
        if _OBJECT.search(stream.read(_JUNK)):
            with contextlib.suppress(DocumentError):
                return _probe_pdf(source, poppler)
    raise UnsupportedType(f"This is {guess(head)}.")


@contextmanager
def opened_pdf(source: str) -> Iterator[pikepdf.Pdf]:
    """Open a PDF, encrypted ones with the empty password; raise DocumentError subclasses."""
    try:
        with pikepdf.open(source, inherit_page_attributes=False) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise PasswordRequired from error
    except (pikepdf.PdfError, *DAMAGED) as error:
        raise pdf_error(str(error)) from error


def pdf_error(message: str) -> DamagedFile | UnsupportedEncryption:
    """Return the error for what qpdf says of a file that it cannot open."""
    if "encrypt" in message.lower():
        return UnsupportedEncryption()
    return DamagedFile("The PDF is damaged and cannot be opened.")


def _probe_image(source: str, head: bytes, image_pixels: int) -> dict[str, Any]:
    try:
        with opened_image(source, image_pixels) as image:
            # MPO is a phone's JPEG with a second picture behind it
            kind = "JPEG" if image.format == "MPO" else str(image.format)
            return {"media_type": Image.MIME[kind], "pages": len(frames(image)), "damage": []}
    except (OSError, *DAMAGED) as error:
        name = image_name(head)
        raise DamagedFile(f"This {name} image is damaged and cannot be opened.") from error


def frames(image: Image.Image) -> Sequence[int]:
    """Return the places of an image's pages among its frames.

    A TIFF's thumbnails and masks are none.

    Raises what Pillow raises.
    """
    beside = list(_beside(image)) if image.format == "TIFF" else [False]
    return [place for place, other in enumerate(beside) if not other] or range(len(beside))


def _beside(image: Any) -> Iterator[bool]:  # noqa: ANN401 - Pillow's class for TIFF
    """Yield of each frame whether it is there for another one.

    Its tags are known even where nothing decodes its pixels.
    """
    for frame in itertools.count():
        try:
            image.seek(frame)
        except EOFError:
            return
        except SyntaxError:
            if image.tell() != frame:
                raise
        yield bool(int(image.tag_v2.get(_SUBFILE, 0)) & (_REDUCED | _MASK))


@contextmanager
def opened_image(source: str, image_pixels: int) -> Iterator[Image.Image]:
    """Open an image without decoding it; raise ImageTooLarge or what Pillow raises.

    Pillow gets no name: it would map pixels into memory, and those of turned TIFFs with the wrong
    width.
    """
    Image.MAX_IMAGE_PIXELS = image_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Path(source).open("rb") as data, Image.open(data, formats=IMAGE_FORMATS) as image:
                yield image
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            limit = image_pixels // 1_000_000
            raise ImageTooLarge(f"The image has more than {limit} million pixels.") from error
