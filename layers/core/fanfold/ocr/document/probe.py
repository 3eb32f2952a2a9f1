"""What a file is, by its content alone, and how many pages it has. Runs in the child."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from fanfold.errors import (
    DamagedFile,
    EmptyFile,
    ImageTooLarge,
    PasswordRequired,
    UnsupportedEncryption,
    UnsupportedType,
)
from fanfold.ocr.document.signatures import guess, image_name, other_name

PDF = "application/pdf"
PDF_MARK = b"%PDF-"
IMAGE_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "JPEG2000", "GIF")
Image.init()  # else every child loads Pillow's plugins anew: 100 ms

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

_HEAD = 1024
"""Readers accept a PDF whose mark stands within the first 1024 bytes (ISO 32000-1, annex H)."""


def probe(source: str, image_pixels: int) -> dict[str, Any]:
    """Return ``{"media_type", "pages"}``; raise DocumentError subclasses.

    Frames of an animation (GIF, WebP, PNG) are not pages: the first stands for the file. An image
    may have ``image_pixels`` pixels per frame.
    """
    with Path(source).open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise EmptyFile
    if head.startswith(PDF_MARK):
        return {"media_type": PDF, "pages": _pdf_pages(source)}
    if image_name(head) is not None:
        return _probe_image(source, head, image_pixels)
    if (other := other_name(head, source)) is not None:  # an archive may begin with a PDF
        raise UnsupportedType(f"This is {other}.")
    if PDF_MARK in head:
        return {"media_type": PDF, "pages": _pdf_pages(source)}
    raise UnsupportedType(f"This is {guess(head)}.")


def _pdf_pages(source: str) -> int:
    with opened_pdf(source) as pdf:
        return len(pdf.pages)


@contextmanager
def opened_pdf(source: str) -> Iterator[pikepdf.Pdf]:
    """Open a PDF, encrypted ones with the empty password; raise DocumentError subclasses."""
    try:
        with pikepdf.open(source, inherit_page_attributes=False) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise PasswordRequired from error
    except pikepdf.PdfError as error:
        raise _pdf_error(str(error)) from error


def _pdf_error(message: str) -> DamagedFile | UnsupportedEncryption:
    if "encrypt" in message.lower():
        return UnsupportedEncryption()
    return DamagedFile("The PDF is damaged and cannot be opened.")


def _probe_image(source: str, head: bytes, image_pixels: int) -> dict[str, Any]:
    try:
        with opened_image(source, image_pixels) as image:
            # MPO is a phone's JPEG with a second picture behind it
            kind = "JPEG" if image.format == "MPO" else str(image.format)
            pages = getattr(image, "n_frames", 1) if kind == "TIFF" else 1
            return {"media_type": Image.MIME[kind], "pages": pages}
    except (OSError, *DAMAGED) as error:
        name = image_name(head)
        raise DamagedFile(f"This {name} image is damaged and cannot be opened.") from error


@contextmanager
def opened_image(source: str, image_pixels: int) -> Iterator[Image.Image]:
    """Open an image without decoding it; raise ImageTooLarge or what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = image_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source, formats=IMAGE_FORMATS) as image:
                yield image
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            limit = image_pixels // 1_000_000
            raise ImageTooLarge(f"The image has more than {limit} million pixels.") from error
