"""Names for files by their first bytes: images that we read, and what people send instead."""

from __future__ import annotations

import zipfile

_IMAGES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"GIF8": "GIF",
    b"\0\0\0\x0cjP  \r\n": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
}
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Microsoft Office document",
    b"{\\rtf": "an RTF document",
    b"%!PS": "a PostScript file",
    b"AT&TFORM": "a DjVu document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"<?xml": "an XML file",
    b"<svg": "an SVG drawing",
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
}
_ZIPPED = {
    "word/": "a Microsoft Word document",
    "xl/": "a Microsoft Excel workbook",
    "ppt/": "a Microsoft PowerPoint presentation",
    "content.xml": "an OpenDocument file",
    "META-INF/container.xml": "an e-book (EPUB)",
}
_MAXIMUM_ENTRIES = 500
"""Maximum of files of an archive whose names are looked at."""

_HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")


def image_name(head: bytes) -> str | None:
    """Return the name of the image format that ``head`` begins, None for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP"
    return next((name for mark, name in _IMAGES.items() if head.startswith(mark)), None)


def other_name(head: bytes, source: str) -> str | None:
    """Return what a file is that begins like something else we know; None for anything else."""
    if head.startswith(b"PK"):
        return _zipped_name(source)
    if head[4:8] == b"ftyp":
        return "a HEIC or AVIF photo" if head[8:12] in _HEIF_BRANDS else "a video"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = start[:32].lower()
    return next((n for m, n in _OTHERS.items() if start.startswith(m) or lower.startswith(m)), None)


def guess(head: bytes) -> str:
    """Say what a file may be that begins like nothing we know."""
    return "a text file" if _is_text(head) else "a file of an unknown format"


def _zipped_name(source: str) -> str:
    try:
        with zipfile.ZipFile(source) as archive:
            names = [entry.filename for entry in archive.filelist[:_MAXIMUM_ENTRIES]]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "a ZIP archive"
    found = (n for m, n in _ZIPPED.items() if any(name.startswith(m) for name in names))
    return next(found, "a ZIP archive")


def _is_text(head: bytes) -> bool:
    # 4: a character cut in two by the end of head
    for end in range(len(head), max(len(head) - 4, 0), -1):
        try:
            text = head[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return all(c.isprintable() or c.isspace() for c in text)
    return False
