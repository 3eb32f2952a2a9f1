"""Whether the data of a PDF's streams is whole. Runs in the child.

Renderers make do with what they can decode and show the rest white, grey or as noise; pages read
from that look blank. Here every stream is decoded to its end: Flate has a check sum, pictures have
a size that their data must fill, and what arithmetic coders write never has certain bytes in a row.
JPEG is read by libjpeg; fax data is left to the renderer, which complains about it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from fanfold import flate
from fanfold.damage import DATA_DAMAGED, PICTURE_DAMAGED
from fanfold.ocr.document import jbig2, jpeg
from fanfold.ocr.isolation import programs

_HOLE = bytes(64)
"""Zeros in a row that no coder writes, nor anybody among drawing instructions."""

_PREDICTED = 10
"""Minimum /Predictor that puts a byte before every row."""

_FORBIDDEN = re.compile(rb"\xff[\x90\x93-\xff]")
"""What cannot be within the data of an arithmetic coder: it never writes more than 8F behind FF.
91 and 92 mark packets of JPEG 2000."""

_SOT, _SOD, _SOT_BYTES = b"\xff\x90", b"\xff\x93", 12
_JPEG_SCAN = re.compile(rb"\xff\xda")
_JPEG_END = b"\xff\xd9"
_PROGRESSIVE = b"\xff\xc2"
_COMPONENTS = {
    **dict.fromkeys(("/DeviceGray", "/CalGray", "/Indexed", "/Separation", "/G", "/I"), 1),
    **dict.fromkeys(("/DeviceRGB", "/CalRGB", "/Lab", "/RGB"), 3),
    **dict.fromkeys(("/DeviceCMYK", "/CMYK"), 4),
}
"""Numbers of a pixel by colour space."""

_DCT = "/DCTDecode"
_SIMPLE = ("/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode")


def damage(pdf: Pdf) -> set[str]:
    """Return the codes of what is broken among the streams of a PDF.

    What libjpeg complains of goes to whoever listens to programs.
    """
    found = {
        PICTURE_DAMAGED if _is_picture(stream) else DATA_DAMAGED
        for stream in _streams(pdf)
        if not whole(stream)
    }
    if jpegs := [stream for stream in _streams(pdf) if flate.filters(stream)[-1:] == [_DCT]]:
        programs.hear(jpeg.complaints(map(_outer_unpacked, jpegs)))
    return found | ({DATA_DAMAGED} if any(map(_has_hole, _instructions(pdf))) else set())


def _outer_unpacked(stream: Stream) -> bytes:
    """Return the data of a stream without all of its packings but the innermost."""
    raw, names = bytes(stream.read_raw_bytes()), flate.filters(stream)[:-1]
    if not names:
        return raw
    with Pdf.new() as pdf:
        return Stream(pdf, raw, Filter=Array([Name(name) for name in names])).read_bytes()


def whole(stream: Stream) -> bool:
    """Whether the data of a stream decodes to its end, as far as that can be known here."""
    try:
        return _whole(stream)
    except (pikepdf.PikepdfError, zlib.error, ArithmeticError, LookupError, TypeError, ValueError):
        return False


def _streams(pdf: Pdf) -> Iterator[Stream]:
    return (thing for thing in pdf.objects if isinstance(thing, Stream))


def _instructions(pdf: Pdf) -> Iterator[Stream]:
    """Yield the streams that say how to draw; in fonts and profiles zeros mean nothing."""
    for page in pdf.pages:
        contents = page.obj.get(Name.Contents)
        parts = list(contents) if isinstance(contents, Array) else [contents]
        yield from (part for part in parts if isinstance(part, Stream))
    yield from (each for each in _streams(pdf) if each.get(Name.Subtype) == Name.Form)


def _has_hole(instructions: Stream) -> bool:
    """Whether instructions that are not packed, so have no check sum, have a hole."""
    return not flate.filters(instructions) and _HOLE in bytes(instructions.read_raw_bytes())


def _whole(stream: Stream) -> bool:
    filters = flate.filters(stream)
    if any(name in _SIMPLE for name in filters):
        return filters[-1] not in _SIMPLE or _fills(stream, len(stream.read_bytes()), 0)
    data = bytes(stream.read_raw_bytes())
    predicted = 0
    if filters == ["/FlateDecode"]:
        length, sound = flate.measured(data)
        return sound and _fills(stream, length, int(_predictor(stream) >= _PREDICTED))
    while filters[:1] == ["/FlateDecode"]:
        data, sound = flate.inflated(data)
        if not sound:
            return False
        filters = filters[1:]
        predicted = _predictor(stream) >= _PREDICTED
    coded = filters[0] if filters else ""
    if coded:
        return _CODED.get(coded, bool)(data)
    return _fills(stream, len(data), int(predicted))


def _fills(stream: Stream, length: int, extra: int) -> bool:
    """Whether so many bytes fill a picture, but for a row; each has ``extra`` bytes beside."""
    if not _is_picture(stream):
        return True
    width, height = int(stream[Name.Width]), int(stream[Name.Height])
    components = _components(stream)
    if components == 0:
        return True
    bits = 1 if _is_mask(stream) else int(stream.get(Name.BitsPerComponent, 8))
    row = (width * components * bits + 7) // 8 + extra
    return length >= row * (height - 1)


def _components(stream: Stream) -> int:
    """Return how many numbers a pixel has; 0 where that is not known."""
    if _is_mask(stream):
        return 1
    space = stream.get(Name.ColorSpace)
    kind = space[0] if isinstance(space, Array) and len(space) else space
    if kind == Name.ICCBased and isinstance(space, Array):
        return int(space[1].get(Name.N, 0))
    if kind == Name.DeviceN and isinstance(space, Array):
        return len(space[1])
    return _COMPONENTS.get(str(kind), 0)


def _predictor(stream: Stream) -> int:
    parms = stream.get(Name.DecodeParms)
    if isinstance(parms, Array):
        parms = parms[0] if len(parms) else None
    return int(parms.get(Name.Predictor, 1)) if isinstance(parms, Dictionary) else 1


def _is_picture(stream: Object) -> bool:
    return bool(stream.get(Name.Subtype) == Name.Image)


def _is_mask(stream: Object) -> bool:
    return bool(stream.get(Name.ImageMask, False))


def _jpeg(data: bytes) -> bool:
    """Whether a JPEG can be whole: it ends, and a progressive one has no hole.

    Of both renderers say nothing.
    """
    scan = _JPEG_SCAN.search(data)
    if scan is None or data.rfind(_JPEG_END) < scan.start():
        return False
    return not (_PROGRESSIVE in data[: scan.start()] and _HOLE in data)


def _jpeg_2000(data: bytes) -> bool:
    """Whether every part of a JPEG 2000 picture is as long as it says, and has no hole."""
    place = data.find(_SOT)
    if place < 0:
        return False
    while data[place : place + 2] == _SOT and place + _SOT_BYTES <= len(data):
        length = int.from_bytes(data[place + 6 : place + 10], "big")
        body = data.find(_SOD, place) + 2
        end = place + length if length else len(data) - 2
        if body < 2 or end > len(data) or _spoilt(data[body:end]):  # noqa: PLR2004
            return False
        place = max(end, place + _SOT_BYTES)
    return True


def _spoilt(coded: bytes) -> bool:
    return _HOLE in coded or _FORBIDDEN.search(coded) is not None


_CODED = {_DCT: _jpeg, "/JPXDecode": _jpeg_2000, "/JBIG2Decode": jbig2.sound}
