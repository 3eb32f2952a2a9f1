"""Pictures of black and white as JBIG2 data of a PDF: one generic region, coded arithmetically.

There is no free encoder among our packages. This is the coder of the standard's annex E with its
template 0, as encoders of scans use it where they look for no symbols.
"""

from __future__ import annotations

import struct

from PIL import Image

_PAGE, _REGION = 48, 38
"""Types of segments: what the page is like, and a generic region that is drawn at once."""

_NEARBY = b"\x03\xff\xfd\xff\x02\xfe\xfe\xfe"
"""Where template 0's adaptive pixels are by default: right and left of the others, above."""

_STATES = [
    *((0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0)),
    *((0x0521, 5, 29, 0), (0x0221, 38, 33, 0), (0x5601, 7, 6, 1), (0x5401, 8, 14, 0)),
    *((0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0)),
    *((0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0)),
    *((0x5101, 17, 15, 0), (0x4801, 18, 16, 0), (0x3801, 19, 17, 0), (0x3401, 20, 18, 0)),
    *((0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0)),
    *((0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0)),
    *((0x1201, 29, 26, 0), (0x1101, 30, 27, 0), (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0)),
    *((0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0)),
    *((0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0)),
    *((0x0049, 41, 38, 0), (0x0025, 42, 39, 0), (0x0015, 43, 40, 0), (0x0009, 44, 41, 0)),
    *((0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0)),
]
"""How likely the rarer symbol is; the state after the other one, after it; if they change roles."""


def encode(image: Image.Image) -> bytes:
    """Return a picture, taken for black where it is dark, as the data of a stream."""
    width, height = image.size
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 0) + _NEARBY + _coded(image)
    return _segment(0, _PAGE, page) + _segment(1, _REGION, region)


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def _coded(image: Image.Image) -> bytes:
    width, height = image.size
    dark = image.convert("L").point(lambda level: level < 128).tobytes()
    margin, coder = bytes(4), _Coder()
    empty = bytes(width + 2 * len(margin))
    above, over = empty, empty
    for y in range(height):
        row = margin + dark[y * width : (y + 1) * width] + margin
        for x in range(len(margin), width + len(margin)):
            nearby = over[x - 2 : x + 3] + above[x - 3 : x + 4] + row[x - 4 : x]
            coder.encode(nearby, row[x])
        over, above = above, row
    return coder.ended()


class _Coder:
    """The arithmetic coder; the names of its registers are the standard's."""

    def __init__(self) -> None:
        self.a, self.c, self.ct, self.out = 0x8000, 0, 12, bytearray(1)
        self.known: dict[bytes, tuple[int, int]] = {}

    def encode(self, context: bytes, symbol: int) -> None:
        """Add a symbol that was found in a context."""
        state, likely = self.known.get(context, (0, 0))
        rarely, after_likely, after_rare, swapped = _STATES[state]
        self.a -= rarely
        if symbol == likely:
            if self.a & 0x8000:
                self.c += rarely
                return
            state = after_likely
            smaller = self.a < rarely
        else:
            state, likely = after_rare, likely ^ swapped
            smaller = self.a >= rarely
        if smaller:
            self.a = rarely
        else:
            self.c += rarely
        self.known[context] = state, likely
        self._renormalise()

    def ended(self) -> bytes:
        """Return all that was coded, with the marker behind it."""
        most = self.c + self.a
        self.c |= 0xFFFF
        if self.c >= most:
            self.c -= 0x8000
        for _ in range(2):
            self.c <<= self.ct
            self._put()
        data = bytes(self.out[1:])
        return (data if data.endswith(b"\xff") else data + b"\xff") + b"\xac"

    def _renormalise(self) -> None:
        while not self.a & 0x8000:
            self.a, self.c, self.ct = self.a << 1, self.c << 1, self.ct - 1
            if not self.ct:
                self._put()

    def _put(self) -> None:
        """Move a byte out; behind FF only seven bits, so that a carry has room."""
        if self.out[-1] != 0xFF and self.c >= 0x8000000:
            self.out[-1] += 1
            self.c &= 0x7FFFFFF
        bits = 7 if self.out[-1] == 0xFF else 8
        shift = 27 - bits
        self.out.append(self.c >> shift & 0xFF)
        self.c &= (1 << shift) - 1
        self.ct = bits
