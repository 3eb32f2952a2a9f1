"""JPEG 2000 pictures that renderers get wrong: their pixels stand in instead.

What says with two words what its colours are, grey or sRGB, is shown by everybody. Profiles, sYCC,
CMYK, palettes and transparency within the data are not. Runs in the child.
"""

from __future__ import annotations

import contextlib
import io
import warnings
import zlib
from typing import Any

from pikepdf import Name, Pdf, Stream
from PIL import Image

from fanfold.ocr.document import pixels

_COLOUR, _ENUMERATED = b"colr", 1
_SRGB, _GREY = 16, 17
_PALETTE_HEAD = 4096
"""Bytes within which the boxes about colour stand."""

_PALETTE_BOXES = (b"pclr", b"cdef")
"""Boxes of palettes and of channels that are no colours."""

_COLOUR_SPACES = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB"}


def is_plain(data: bytes) -> bool:
    """Whether a file is grey or sRGB and nothing else, as far as its boxes say."""
    head = data[:_PALETTE_HEAD]
    place = head.find(_COLOUR)
    if place < 0 or any(box in head for box in _PALETTE_BOXES):
        return False
    method, space = head[place + 4], int.from_bytes(head[place + 7 : place + 11], "big")
    return method == _ENUMERATED and space in (_SRGB, _GREY)


def unpack(pdf: Pdf) -> None:
    """Put pixels in the place of pictures whose colours only their own data tells."""
    for thing in pdf.objects:
        if isinstance(thing, Stream) and _is_odd(thing):
            data = bytes(thing.read_raw_bytes())
            with contextlib.suppress(Exception):  # then it stays what it is
                _replace(thing, _decoded(data))


def _is_odd(stream: Any) -> bool:  # noqa: ANN401 - pikepdf's, whose values may be anything
    if stream.get(Name.Filter) != Name.JPXDecode or stream.get(Name.Subtype) != Name.Image:
        return False
    if stream.get(Name.SMaskInData, 0) in (1, 2):
        return True
    return Name.ColorSpace not in stream and not is_plain(bytes(stream.read_raw_bytes()))


def _decoded(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=["JPEG2000"]) as image:
            picture = pixels.plain(image)
            return picture.convert("RGB") if picture.mode == "CMYK" else picture.copy()


def _replace(stream: Any, picture: Image.Image) -> None:  # noqa: ANN401
    if picture.mode == "1":
        picture = picture.convert("L")
    stream.write(zlib.compress(picture.tobytes(), 1), filter=Name.FlateDecode)
    stream.Width, stream.Height = picture.size
    stream.BitsPerComponent = 8
    stream.ColorSpace = Name(_COLOUR_SPACES[picture.mode])
    for key in (Name.SMaskInData, Name.Decode):
        if key in stream:
            del stream[key]
