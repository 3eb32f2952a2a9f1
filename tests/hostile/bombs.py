"""Small files that become large: streams, images and archives that unpack without end."""

from __future__ import annotations

import struct
import zlib

from tests.hostile import files
from tests.hostile.registry import directed

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
_ANY_PAGE = ("SUCCEEDED", "OUT_OF_MEMORY", "TIMEOUT", "RENDER_FAILED", "PAGE_UNREADABLE")


@directed("flate bomb as page contents", *_ANY_PAGE)
def contents() -> bytes:
    packed = files.squeezed(files.zeros(GIGABYTE, b" "))
    return files.page(files.stream(packed, b"/Filter/FlateDecode"))


@directed("flate in flate in flate", *_ANY_PAGE)
def chain() -> bytes:
    packed = zlib.compress(files.squeezed(files.zeros(GIGABYTE, b"\n")), 9)
    filters = b"/Filter[/FlateDecode/FlateDecode/FlateDecode]"
    return files.page(files.stream(zlib.compress(packed, 9), filters))


@directed("run lengths in flate", *_ANY_PAGE)
def run_lengths() -> bytes:
    packed = zlib.compress(b"\x81 " * (4 * MEGABYTE), 9)
    return files.page(files.stream(packed, b"/Filter[/FlateDecode/RunLengthDecode]"))


@directed("image of 30,000 by 30,000 on a small page", *_ANY_PAGE)
def large_image() -> bytes:
    side = 30_000
    packed = files.squeezed(files.zeros(side * side, b"\x80"))
    return files.picture(packed, _grey(side, side, b"/FlateDecode"))


@directed("one bit, A4 at 2,400 dpi", *_ANY_PAGE)
def fine_scan() -> bytes:
    width, height = 19_842, 28_063
    packed = files.squeezed(files.zeros((width + 7) // 8 * height, b"\xff"))
    entries = b"/Width %d/Height %d/BitsPerComponent 1" % (width, height)
    return files.picture(packed, entries + b"/ColorSpace/DeviceGray/Filter/FlateDecode")


@directed("image that says it is 2,000,000,000 wide", *_ANY_PAGE)
def wide_image() -> bytes:
    return files.picture(b"x" * 100, _grey(2_000_000_000, 2, b"/FlateDecode"))


@directed("predictor with 2,000,000,000 columns", *_ANY_PAGE)
def predictor() -> bytes:
    parms = b"/DecodeParms<</Predictor 15/Columns 2000000000/Colors 32/BitsPerComponent 16>>"
    return files.page(files.flate(files.TEXT, parms))


@directed("object stream bomb")
def object_stream() -> bytes:
    packed = files.squeezed([b"3 0 4 50 ", *files.zeros(GIGABYTE, b" ")])
    bomb = files.stream(packed, b"/Type/ObjStm/N 100000000/First 9/Filter/FlateDecode")
    return files.write([b"<</Type/Catalog/Pages 3 0 R>>", bomb]).replace(b"startxref", b"startxxxx")


@directed("cross-reference stream of a billion entries")
def cross_references() -> bytes:
    body = files.flate(
        bytes(4000), b"/Type/XRef/Size 2000000000/Index[0 2000000000]/W[1 2 1]/Root 2 0 R"
    )
    head = b"%PDF-1.7\n"
    catalog = b"2 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n"
    start = len(head) + len(catalog)
    return head + catalog + b"1 0 obj\n" + body + b"\nendobj\nstartxref\n%d\n%%%%EOF" % start


@directed("ToUnicode that maps every number there is", *_ANY_PAGE)
def to_unicode() -> bytes:
    ranges = b"".join(b"<%04x0000> <%04xffff> <0041>\n" % (n, n) for n in range(0, 65_536, 64))
    mapping = (
        b"/CIDInit /ProcSet findresource begin begincmap\n"
        b"1 begincodespacerange <00000000> <ffffffff> endcodespacerange\n"
        b"%d beginbfrange\n%sendbfrange endcmap" % (1024, ranges)
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>"
    return files.page(files.TEXT, files.flate(mapping), resources=b"/Font<</F1 %s>>" % font)


@directed("PNG of 50,000 by 50,000", "IMAGE_TOO_LARGE")
def png_size() -> bytes:
    return png(50_000, 50_000, b"")


@directed("PNG of 14,000 by 14,000, within the limit", *_ANY_PAGE, "PIXELS_EXCEEDED")
def png_pixels() -> bytes:
    side = 14_000
    return png(side, side, files.squeezed(bytes(side + 1) for _ in range(side)))


@directed("PNG with a text chunk that unpacks to a gigabyte")
def png_text() -> bytes:
    packed = files.squeezed(files.zeros(GIGABYTE, b"a"))
    chunks = chunk(b"zTXt", b"Comment\0\0" + packed) + chunk(b"iTXt", b"x\0\1\0\0\0" + packed)
    return png(300, 200, zlib.compress(bytes(301 * 200)), chunks)


@directed("PNG with a colour profile that unpacks to a gigabyte")
def png_profile() -> bytes:
    packed = files.squeezed(files.zeros(GIGABYTE, b"a"))
    chunks = chunk(b"iCCP", b"profile\0\0" + packed)
    return png(300, 200, zlib.compress(bytes(301 * 200)), chunks)


@directed("PNG whose pixels go on for a gigabyte", "SUCCEEDED", "PAGE_UNREADABLE")
def png_more() -> bytes:
    return png(300, 200, files.squeezed(files.zeros(GIGABYTE)))


def png(width: int, height: int, packed: bytes, chunks: bytes = b"") -> bytes:
    """Return an 8-bit grey PNG with this content of its IDAT."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunks + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def _grey(width: int, height: int, filters: bytes) -> bytes:
    size = b"/Width %d/Height %d/BitsPerComponent 8" % (width, height)
    return size + b"/ColorSpace/DeviceGray/Filter" + filters
