"""Pages with barcodes and QR codes, drawn by ZXing's own writer."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from tests.data import pictures, prose

LINK = "https://example.org/pay?id=17&to=<you>"
PARCEL = "FANFOLD-0042"

_MODULE = 4
"""Pixels of 1/200 inch per module of a code: half a millimetre."""


def picture(content: str | bytes, kind: str = "QRCode", module: int = _MODULE) -> Image.Image:
    """Return a code as a grey picture with its quiet zone; ``kind`` as zxingcpp names formats."""
    code = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, kind))
    drawn = zxingcpp.write_barcode_to_image(code, scale=module)
    height, width = drawn.shape
    return Image.frombytes("L", (width, height), bytes(memoryview(drawn)))


def scan(*codes: Image.Image) -> Image.Image:
    """Return the scan of an A4 letter with codes at its foot, one below the other."""
    page = pictures.scan(prose.NOTICE).convert("L")
    y = page.height // 2
    for code in codes:
        page.paste(code, (page.width // 8, y))
        y += code.height + 60
    return page
