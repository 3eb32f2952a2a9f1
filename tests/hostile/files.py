"""PDF files written byte by byte: libraries would mend what is meant to be broken."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Iterator

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 24 Tf 50 100 Td (Beware of the tide) Tj ET\n"
BOX = b"[0 0 300 200]"
NOISE = random.Random(6).randbytes(4000)


def stream(data: bytes, dictionary: bytes = b"") -> bytes:
    """Return a stream object with these raw bytes."""
    return b"<</Length %d %s>>stream\n%s\nendstream" % (len(data), dictionary, data)


def flate(data: bytes, dictionary: bytes = b"") -> bytes:
    """Return a stream object that is compressed once."""
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode " + dictionary)


def write(objects: Iterable[bytes], trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """Number ``objects`` from 1, the catalog, and write them with a table of where they are."""
    parts, places = [b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % version], []
    size = len(parts[0])
    for number, body in enumerate(objects, 1):
        places.append(size)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        size += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table))
    parts.append(b"trailer\n<</Size %d/Root 1 0 R %s>>\n" % (len(places) + 1, trailer))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % size)
    return b"".join(parts)


def page(
    contents: bytes = TEXT,
    *more: bytes,
    resources: bytes = b"",
    box: bytes = BOX,
    entries: bytes = b"",
    catalog: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """Return a document of one page. Objects: 1 catalog, 2 pages, 3 page, 4 contents, 5… more.

    ``contents`` is a content stream's text, or a whole stream object.
    """
    body = contents if contents.endswith(b"endstream") else stream(contents)
    fonts = b"" if b"/Font" in resources else b"/Font<</F1 %s>>" % HELVETICA
    leaf = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<%s%s>>%s %s>>" % (
        fonts,
        resources,
        b"/MediaBox" + box if box else b"",
        entries,
    )
    root = b"<</Type/Catalog/Pages 2 0 R %s>>" % catalog
    return write([root, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, body, *more], trailer)


def image(data: bytes, entries: bytes) -> bytes:
    """Return an image object; ``entries`` say all but its type and length."""
    return stream(data, b"/Type/XObject/Subtype/Image " + entries)


def picture(data: bytes, entries: bytes, *more: bytes) -> bytes:
    """Return a document whose page is one image, object 5."""
    shown = b"q 300 0 0 200 0 0 cm /Im0 Do Q"
    return page(shown, image(data, entries), *more, resources=b"/XObject<</Im0 5 0 R>>")


def zeros(size: int, byte: bytes = b"\0") -> Iterator[bytes]:
    """Yield ``size`` times a byte, a megabyte at a time."""
    megabyte = byte * (1 << 20)
    for _ in range(size >> 20):
        yield megabyte


def squeezed(parts: Iterable[bytes]) -> bytes:
    """Compress what need not fit into memory."""
    squeeze = zlib.compressobj(9)
    return b"".join([*(squeeze.compress(part) for part in parts), squeeze.flush()])
