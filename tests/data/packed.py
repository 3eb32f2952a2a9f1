"""Documents whose pages are packed in one way each: to be broken on purpose."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping

from pikepdf import Dictionary, Name, Pdf
from PIL import Image

from tests.data import jbig2, pdfs, pictures

SIZE = (560, 400)
"""Pixels of a page: a card."""

_SUBJECTS = (
    "lantern harbour meadow",
    "thimble orchard cellar",
    "pigeon granite ribbon",
    "walnut chimney saddle",
    "copper blanket window",
    "violin pepper station",
)
TEXTS = tuple(
    f"{said}\ncarries number {k}000\nuntil evening" for k, said in enumerate(_SUBJECTS, 1)
)
"""What six pages say; the words of the first line stand on that page alone."""

Packed = tuple[bytes, Mapping[str, object]]


def words(number: int) -> frozenset[str]:
    """Return the words that stand on page ``number`` (from 1) and on no other."""
    return frozenset(_SUBJECTS[number - 1].split())


def typed() -> bytes:
    """Return six born-digital pages."""
    return pdfs.save(pdfs.typed(TEXTS, (0, 0, 420, 300)))


def scanned(packing: str) -> bytes:
    """Return six pages that are pictures, their data packed as one of PACKINGS."""
    pdf = pdfs.new()
    for text in TEXTS:
        _add(pdf, pictures.scan(text, SIZE), PACKINGS[packing])
    return pdfs.save(pdf)


def _add(pdf: Pdf, image: Image.Image, pack: Callable[[Image.Image], Packed]) -> None:
    data, entries = pack(image)
    picture = pdf.make_stream(
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        **({"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8} | dict(entries)),
    )
    width, height = (side * pdfs.POINTS_PER_PIXEL for side in image.size)
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q\n".encode()
    pdfs.add_page(pdf, content, (0, 0, width, height), Dictionary(XObject=Dictionary(Im0=picture)))


def _flate(image: Image.Image) -> Packed:
    return zlib.compress(image.tobytes()), {"Filter": Name.FlateDecode}


def _predicted(image: Image.Image) -> Packed:
    rows, width = image.tobytes(), image.width
    data = b"".join(b"\0" + rows[at : at + width] for at in range(0, len(rows), width))
    parms = Dictionary(Predictor=15, Columns=width)
    return zlib.compress(data), {"Filter": Name.FlateDecode, "DecodeParms": parms}


def _jpeg(image: Image.Image) -> Packed:
    return pictures.encode(image, "JPEG", quality=80), {"Filter": Name.DCTDecode}


def _progressive(image: Image.Image) -> Packed:
    data = pictures.encode(image, "JPEG", quality=80, progressive=True)
    return data, {"Filter": Name.DCTDecode}


def _jpeg_2000(image: Image.Image) -> Packed:
    return pictures.encode(image, "JPEG2000"), {"Filter": Name.JPXDecode}


def _fax(image: Image.Image) -> Packed:
    stream = io.BytesIO()
    image.convert("1", dither=Image.Dither.NONE).save(stream, "TIFF", compression="group4")
    with Image.open(stream) as tiff:
        tags = dict(tiff.tag_v2)  # type: ignore[attr-defined]
    (start,), (length,) = tags[273], tags[279]
    parms = Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=tags[262] == 0)
    entries = {"Filter": Name.CCITTFaxDecode, "DecodeParms": parms, "BitsPerComponent": 1}
    return stream.getvalue()[start : start + length], entries


def _jbig2(image: Image.Image) -> Packed:
    return jbig2.encode(image), {"Filter": Name.JBIG2Decode, "BitsPerComponent": 1}


def _lzw(image: Image.Image) -> Packed:
    """Pack byte by byte: the table is emptied before its codes grow beyond 9 bits."""
    pixels = image.tobytes()
    runs = (pixels[at : at + 250] for at in range(0, len(pixels), 250))
    codes = [code for run in runs for code in (256, *run)]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big"), {"Filter": Name.LZWDecode}


def _unpacked(image: Image.Image) -> Packed:
    return image.tobytes(), {}


PACKINGS: Mapping[str, Callable[[Image.Image], Packed]] = {
    "flate": _flate,
    "predicted": _predicted,
    "lzw": _lzw,
    "jpeg": _jpeg,
    "progressive": _progressive,
    "jpeg 2000": _jpeg_2000,
    "fax": _fax,
    "jbig2": _jbig2,
    "unpacked": _unpacked,
}
"""How the pixels of a scan may be packed, by name."""
