"""Files of other kinds, of several kinds at once, and nearly nothing."""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib

from tests.data import pictures, prose
from tests.hostile import files
from tests.hostile.registry import Lures, directed

_NO = ("UNSUPPORTED_TYPE",)


def _zip(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _nested() -> bytes:
    inner = _zip(("zeros", bytes(10_000_000)))
    for _ in range(6):
        inner = _zip(*((f"{n}.zip", inner) for n in range(10)))
    return inner


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../etc/passwd"))
    return buffer.getvalue()


for _name, _data, _ends in (
    ("nothing", b"", ("EMPTY_FILE",)),
    ("one byte", b"%", _NO),
    ("one byte: NUL", b"\0", _NO),
    ("a mark and nothing else", b"%PDF-", ("DAMAGED_FILE",)),
    ("a PNG's mark and nothing else", b"\x89PNG\r\n\x1a\n", ("DAMAGED_FILE",)),
    ("a JPEG's mark and nothing else", b"\xff\xd8\xff", ("DAMAGED_FILE",)),
    ("a TIFF's mark and nothing else", b"II*\0", ("DAMAGED_FILE",)),
    ("a GIF's mark and nothing else", b"GIF89a", ("DAMAGED_FILE",)),
    ("a BMP's mark and nothing else", b"BM\0\0\0\0\0\0\0\0", ("DAMAGED_FILE",)),
    ("a WebP's mark and nothing else", b"RIFF\0\0\0\0WEBP", ("DAMAGED_FILE",)),
    ("a JPEG 2000's mark and nothing else", b"\0\0\0\x0cjP  \r\n\x87\n", ("DAMAGED_FILE",)),
    ("a megabyte of zeros", bytes(1 << 20), _NO),
    ("a text", prose.NOTICE.encode(), _NO),
    ("a page of HTML", b"<!doctype html><script>alert(1)</script>", _NO),
    ("a drawing in SVG", b"<svg onload='alert(1)'><image href='file:///etc/passwd'/></svg>", _NO),
    ("PostScript", b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n", _NO),
    ("gzip", zlib.compress(b"x", 9, 31), _NO),
    ("xz", lzma.compress(b"x"), _NO),
    ("a shell script", b"#!/bin/sh\nrm -rf /\n", _NO),
    ("a PDF behind 2,000 bytes", b"x" * 2000 + files.page(), _NO),
    ("a PDF behind 900 bytes", b"\n" * 900 + files.page(), ("SUCCEEDED", "DAMAGED_FILE")),
    ("a PDF and an archive behind it", files.page() + _zip(("a.txt", b"a")), ("SUCCEEDED",)),
    ("a PDF that is HTML as well", b"%PDF-1.7<html><script>alert(1)</script>\n" + files.page(), ()),
    ("HTML that is a PDF as well", b"<html><!-- " + files.page() + b"-->", _NO),
    (
        "a JPEG with a PDF in it",
        pictures.encode(pictures.page("", (300, 200)), "JPEG") + files.page(),
        ("SUCCEEDED",),
    ),
    (
        "a PNG with an archive in it",
        pictures.encode(pictures.page("", (300, 200)), "PNG") + _zip(("a", b"a")),
        ("SUCCEEDED",),
    ),
    ("a GIF that is a PDF as well", b"GIF89a" + files.page(), ()),
    ("a PDF cut in the middle", files.page()[:300], ()),
    ("two PDFs", files.page() + files.page(), ("SUCCEEDED",)),
    ("a PDF whose end is missing", files.page().partition(b"xref")[0], ("SUCCEEDED",)),
):

    @directed(_name, *_ends)
    def plain(data: bytes = _data) -> bytes:
        return data


@directed("an archive of a PDF", *_NO)
def archive() -> bytes:
    return _zip(("page.pdf", files.page()))


@directed("archives in archives: 10 TB", *_NO)
def nested() -> bytes:
    return _nested()


@directed("an archive with a path that climbs", *_NO)
def climbing() -> bytes:
    return _tar()


@directed("an archive that says it holds 4,000,000,000 files", *_NO)
def archive_lies() -> bytes:
    whole = _zip(("word/document.xml", b"a"))
    return whole[:-12] + b"\xff" * 8 + whole[-4:]


@directed("an archive with a PDF before it", *_NO)
def archive_first() -> bytes:
    return _zip(("a", b"%PDF-1.7\n")) + files.page()


def _points_out(name: str):
    return directed(name, *_NO, points_out=True)


@_points_out("a text that is the path of a picture")
def path(lures: Lures) -> bytes:
    return f"{lures.picture}\n".encode()


@_points_out("a text that is an address")
def address(lures: Lures) -> bytes:
    return f"{lures.url}/canary.png\n".encode()


@_points_out("a text that is a list of paths and addresses")
def paths(lures: Lures) -> bytes:
    return f"{lures.picture}\n{lures.text}\n{lures.url}/a.png\nfile://{lures.picture}".encode()
