"""How long the data of a page's only picture is, to compare it with what is drawn of it."""

from __future__ import annotations

import io
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from fanfold import flate
from fanfold.ocr.document import jbig2

_BLACK_PIXEL = 128
"""Grey level below which a pixel is black."""


class Packed(NamedTuple):
    """A picture of so many pixels across that has at most so many ``bytes`` as fax data."""

    width: int
    bytes: int

    def holds(self, drawn: Image.Image) -> bool:
        """Whether the picture's data can say all that was drawn, in grey, of a page that it is."""
        times = max(1, drawn.width // self.width)
        fax = io.BytesIO()
        black = drawn.reduce(times).point(lambda level: 255 * (level >= _BLACK_PIXEL)).convert("1")
        black.save(fax, "TIFF", compression="group4")
        return fax.tell() <= self.bytes


def look(pdf: Pdf) -> Packed | None:
    """Return how the only picture of a page is packed; None where nothing follows from it."""
    found = [
        thing
        for thing in pdf.objects
        if isinstance(thing, Stream) and thing.get(Name.Subtype) == Name.Image
    ]
    if len(found) != 1 or flate.filters(found[0]) != ["/JBIG2Decode"]:
        return None
    picture = found[0]
    try:
        width, data = int(picture[Name.Width]), bytes(picture.read_raw_bytes())
        most = jbig2.most_as_fax(data, _shared(picture))
    except (pikepdf.PikepdfError, LookupError, TypeError, ValueError):
        return None
    return Packed(width, most) if most and width > 0 else None


def _shared(picture: Stream) -> bytes:
    parms = picture.get(Name.DecodeParms)
    if isinstance(parms, Array):
        parms = parms[-1] if len(parms) else None
    segments = parms.get(Name.JBIG2Globals) if isinstance(parms, Dictionary) else None
    return bytes(segments.read_bytes()) if isinstance(segments, Stream) else b""
