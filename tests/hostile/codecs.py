"""Images within PDFs, with parameters that nobody meant."""

from __future__ import annotations

import struct

from tests.hostile import files
from tests.hostile.files import NOISE
from tests.hostile.registry import directed

_SIZE = b"/Width 300/Height 200/BitsPerComponent 8/ColorSpace/DeviceGray"
_BILEVEL = b"/Width 300/Height 200/BitsPerComponent 1/ColorSpace/DeviceGray"


def _jbig2_page(width: int, height: int) -> bytes:
    information = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    return struct.pack(">IBBBI", 0, 48, 0, 1, len(information)) + information


def jp2(width: int, height: int) -> bytes:
    siz = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, width, height, 0, 0, 1) + b"\7\1\1"
    return b"\xff\x4f\xff\x51" + struct.pack(">H", len(siz) + 2) + siz + NOISE[:200]


_IMAGES = {
    "JBIG2 of noise": (NOISE, _BILEVEL + b"/Filter/JBIG2Decode"),
    "JBIG2 of 4,000,000,000 rows": (
        _jbig2_page(4_000_000_000, 4_000_000_000),
        _BILEVEL + b"/Filter/JBIG2Decode",
    ),
    "JBIG2 of unknown height": (
        _jbig2_page(30_000, 0xFFFFFFFF),
        _BILEVEL + b"/Filter/JBIG2Decode",
    ),
    "JBIG2 whose globals are itself": (
        _jbig2_page(300, 200),
        _BILEVEL + b"/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals 5 0 R>>",
    ),
    "JPX of noise": (NOISE, b"/Width 300/Height 200/Filter/JPXDecode"),
    "JPX of 2,000,000,000 columns": (
        jp2(2_000_000_000, 2_000_000_000),
        b"/Width 300/Height 200/Filter/JPXDecode",
    ),
    "JPX of 40,000 by 40,000": (jp2(40_000, 40_000), b"/Width 300/Height 200/Filter/JPXDecode"),
    "CCITT of noise": (
        NOISE,
        _BILEVEL + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 300/Rows 200>>",
    ),
    "CCITT of 2,147,483,647 columns": (
        NOISE,
        _BILEVEL + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2147483647>>",
    ),
    "CCITT of -1 columns": (
        NOISE,
        _BILEVEL + b"/Filter/CCITTFaxDecode/DecodeParms<</K 9/Columns -1/Rows -1>>",
    ),
    "JPEG of noise": (NOISE, _SIZE + b"/Filter/DCTDecode"),
    "JPEG of 65,535 by 65,535": (
        b"\xff\xd8\xff\xc2\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0" + NOISE,
        _SIZE + b"/Filter/DCTDecode",
    ),
    "LZW of noise": (NOISE, _SIZE + b"/Filter/LZWDecode/DecodeParms<</EarlyChange 9>>"),
    "an unknown filter": (NOISE, _SIZE + b"/Filter/Telepathy"),
    "a crypt filter that is not there": (
        NOISE,
        _SIZE + b"/Filter/Crypt/DecodeParms<</Name/Nobody>>",
    ),
    "a thousand filters": (NOISE, _SIZE + b"/Filter[" + b"/ASCIIHexDecode" * 1000 + b"]"),
    "a filter that is the image": (NOISE, _SIZE + b"/Filter 5 0 R"),
    "no bits": (NOISE, b"/Width 300/Height 200/BitsPerComponent 0/ColorSpace/DeviceGray"),
    "64 bits": (NOISE, b"/Width 300/Height 200/BitsPerComponent 64/ColorSpace/DeviceGray"),
    "a negative size": (NOISE, b"/Width -300/Height -200/BitsPerComponent 8/ColorSpace/DeviceRGB"),
    "a mask that is itself": (NOISE * 15, _SIZE + b"/SMask 5 0 R/Mask 5 0 R/Alternates 5 0 R"),
    "its own colour space": (
        NOISE * 15,
        b"/Width 300/Height 200/BitsPerComponent 8/ColorSpace 5 0 R",
    ),
    "an index of 2,147,483,647 colours": (
        NOISE * 15,
        b"/Width 300/Height 200/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 2147483647(abc)]",
    ),
    "a colour profile that is itself": (
        NOISE * 15,
        b"/Width 300/Height 200/BitsPerComponent 8/N 3/Alternate[/ICCBased 5 0 R]"
        b"/ColorSpace[/ICCBased 5 0 R]",
    ),
    "3,000 colorants": (
        NOISE * 15,
        b"/Width 300/Height 200/BitsPerComponent 8/ColorSpace[/DeviceN["
        + b"/A" * 3000
        + b"]/DeviceGray<<>>]",
    ),
}

for _name, (_data, _entries) in _IMAGES.items():

    @directed(f"image: {_name}")
    def image(data: bytes = _data, entries: bytes = _entries) -> bytes:
        return files.picture(data, entries)


@directed("inline image of 2,000,000,000 columns")
def inline() -> bytes:
    return files.page(
        b"BI /W 2000000000 /H 2000000000 /BPC 8 /CS /G ID " + NOISE + b" EI\n" + files.TEXT
    )


@directed("inline image without end")
def inline_open() -> bytes:
    return files.page(b"BI /W 300 /H 200 /BPC 8 /CS /G /F [/Fl /LZW /RL /AHx] ID " + NOISE)
