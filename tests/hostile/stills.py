"""Pictures that come as files of their own: sizes, directories and frames that lie."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from tests.data import pictures
from tests.hostile import files
from tests.hostile.bombs import png
from tests.hostile.codecs import jp2
from tests.hostile.files import NOISE
from tests.hostile.registry import directed


def _tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<I", following)
    )


def _plain(width: int, height: int, compression: int = 1) -> list[tuple[int, int, int, int]]:
    return [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, compression),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, 60_000),
    ]


@directed("TIFF whose directories go round")
def tiff_loop() -> bytes:
    return _tiff(_plain(300, 200), 8) + bytes(60_000)


@directed("TIFF of 60,000 directories", "TOO_MANY_PAGES", "DAMAGED_FILE", pages="")
def tiff_many() -> bytes:
    entries = b"".join(struct.pack("<HHII", *entry) for entry in _plain(1, 1))
    size = 2 + len(entries) + 4
    one = struct.pack("<H", 9) + entries
    directories = b"".join(
        one + struct.pack("<I", 8 + (n + 1) * size if n < 59_999 else 0) for n in range(60_000)
    )
    return b"II*\0\x08\0\0\0" + directories


@directed("TIFF of 4,000,000,000 columns")
def tiff_wide() -> bytes:
    return _tiff(_plain(4_000_000_000, 2)) + bytes(600)


@directed("TIFF with 4,000,000,000 strips")
def tiff_strips() -> bytes:
    entries = _plain(300, 200)
    entries[5] = (273, 4, 4_000_000_000, 8)
    return _tiff(entries) + bytes(60_000)


@directed("TIFF that unpacks to a gigabyte")
def tiff_bomb() -> bytes:
    packed = files.squeezed(files.zeros(1 << 28))
    entries = _plain(14_000, 14_000, 8)
    entries[5], entries[8] = (273, 4, 1, 122), (279, 4, 1, len(packed))
    return _tiff(entries) + packed


@directed("TIFF that is packed as JPEG, of noise")
def tiff_jpeg() -> bytes:
    return _tiff(_plain(300, 200, 7)) + NOISE * 15


@directed("TIFF with a date that is a gigabyte long")
def tiff_text() -> bytes:
    return _tiff([*_plain(300, 200), (306, 2, 1 << 30, 8)]) + bytes(60_000)


@directed("JPEG 2000 of 60,000 by 60,000", "IMAGE_TOO_LARGE", "DAMAGED_FILE")
def jp2_size() -> bytes:
    return jp2(60_000, 60_000)


@directed("JPEG 2000 of 10,000 by 10,000 and nothing in it")
def jp2_empty() -> bytes:
    return jp2(10_000, 10_000)


@directed("WebP of 16,383 by 16,383", "IMAGE_TOO_LARGE", "DAMAGED_FILE", "PAGE_UNREADABLE")
def webp_size() -> bytes:
    bits = 0x2F | (16_382 << 8) | (16_382 << 22)
    body = b"VP8L" + struct.pack("<I", 300) + struct.pack("<Q", bits)[:5] + NOISE[:295]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@directed("BMP of -2,147,483,648 rows")
def bmp_rows() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 300, -2_147_483_648, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 60_054, 0, 0, 54) + header + bytes(60_000)


@directed("BMP that is run-length encoded without end")
def bmp_runs() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 14_000, 14_000, 1, 8, 1, 0, 0, 0, 256, 0)
    runs = b"\xff\0" * 20_000 + b"\0\2\xff\xff" * 5000
    return b"BM" + struct.pack("<IHHI", 90_000, 0, 0, 54 + 1024) + header + bytes(1024) + runs


def _gif(frames: bytes, width: int = 300, height: int = 200) -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + b"\0\0\0\xff\xff\xff"
        + frames
    )


_FRAME = b"\x21\xf9\4\0\1\0\0\0" + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0"


@directed("GIF of 100,000 frames", "SUCCEEDED")
def gif_frames() -> bytes:
    return _gif(_FRAME * 100_000 + b";")


@directed("GIF screen of 65,535 by 65,535", "IMAGE_TOO_LARGE")
def gif_screen() -> bytes:
    return _gif(_FRAME + b";", 65_535, 65_535)


@directed("GIF frame that is larger than its screen")
def gif_frame() -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\2\2\x44\1\0"
    return _gif(frame + b";")


@directed("JPEG with a comment of 2 MB, in pieces")
def jpeg_comments() -> bytes:
    whole = pictures.encode(pictures.page("", (300, 200)), "JPEG")
    return whole[:2] + (b"\xff\xfe\xff\xff" + b"c" * 65_533) * 32 + whole[2:]


@directed("JPEG that is progressive, 14,000 by 14,000, and stops")
def jpeg_progressive() -> bytes:
    whole = pictures.encode(pictures.page("", (300, 200)), "JPEG", progressive=True)
    at = whole.index(b"\xff\xc2") + 5
    return whole[:at] + struct.pack(">HH", 14_000, 14_000) + whole[at + 4 :]


@directed("PNG of one row, 200,000,000 columns")
def png_row() -> bytes:
    return png(199_999_999, 1, zlib.compress(bytes(1000)))


@directed("PNG with an orientation that is none")
def png_orientation() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 4711
    exif[0x0132] = "never"
    return pictures.encode(pictures.page("", (300, 200)), "PNG", exif=exif)
