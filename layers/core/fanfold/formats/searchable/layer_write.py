"""Write the invisible text layer of a page: a one-page PDF, to be laid under the page's picture.

The font is the one that tesseract writes its own layers with: one empty glyph, half as wide as it
is high, that stands for every character. A word is stretched to the width of its box; its space
follows it, which tells readers where words end.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from fanfold.geometry import Turn
from fanfold.model import Block, Line, Word

_GLYPH_WIDTH = 0.5
_EM = 0.9
"""Height of a word with ascenders and descenders, in sizes of its font."""

_WARPED = 1.6
"""A line's box that many times higher than its words is one of a curved line."""

_LEVEL = 0.45
"""Sizes of the font within which poppler takes words for one line, a little less than its 0.5."""

_MOVED = 0.5
"""Sizes of the font by which a word may leave its ink to be found on its line: on a page as wide
as letters are, lines that slope by up to 2 degrees become level so."""

_QUARTERS = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}
"""Which way lines run on a page that was turned clockwise by so many degrees to be read."""

_FONT_FILE = zlib.decompress(
    base64.b64decode(
        "eNpjYGRgYOBiaGBgZlDwD9Y3Crt3YgoDA6MGUDQhOTexAChnAuRPAPLl0nMq00SVHFWA/B1AvkRG"
        "amIKd8XHVCB7DRCbZQAFeJhYmIDsJ0CskpFbUsHCAAKMHUCCIyc/OZGBB8zfACTYchMrChhYGFiB"
        "fA4gXyEvMTf102uxW0D+BSDfuyC/uISBEQgZmGRA8iAWCG+YUigQz2/zlYWdA2z6+Vl/8kD0lcPL"
        "P4FoFgawuAADEwMEAPVwMPz/D5KByINNQgZMYBEmoBQjTAcaYAaHAisDDsAKcSgW4O7v787gADEV"
        "5AaQwgZUJVCNLMhuYWAQAdkJptmAsYAMeGB6wD4FqjJUFFRkYfgD8TczgxbEvUBHicFNZ2XgBvKY"
        "GRhZOKHiYQypDEUMxQyZDPkMecDQNWTQYzAISy0qzszPUzDUM0APBQzvAQCASzme"
    )
)
"""tesseract's pdf.ttf (572 bytes, Apache-2.0)."""

_INSTEAD = "/FanfoldInstead"
"""What ``fanfold.formats.searchable.layer_read`` looks for."""

_EVERY_GLYPH = b"\x00\x01" * 65536
_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identify-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def write(
    path: Path, blocks: Iterable[Block], turn: Turn, scale: float, *, instead: bool = True
) -> None:
    """Write a layer for ``blocks`` in pixels of a picture that was turned by ``turn``.

    ``scale`` is points per pixel; the layer's page is as large as the page as displayed.
    ``instead`` says that the layer stands for all text of the page, as opposed to some more of it.
    """
    content = "\n".join(_lines(blocks, turn, scale)).encode("ascii")
    width, height = (side * scale for side in turn.before)
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] /Contents 4 0 R "
        f"/Resources << /Font << /f-0-0 5 0 R >> >> {_INSTEAD} {str(instead).lower()} >>"
    )
    path.write_bytes(_file([*_HEAD, page.encode(), _stream(zlib.compress(content)), *_FONT]))


def _lines(blocks: Iterable[Block], turn: Turn, scale: float) -> Iterator[str]:
    yield "BT 3 Tr"
    for line in (line for block in blocks for line in block.lines):
        for put in _placed(line, turn):
            height = put.size * scale
            codes = (put.text + " ").encode("utf-16-be", "replace").hex()
            stretch = 100 * put.length * scale / (len(codes) // 4 - 1) / (_GLYPH_WIDTH * height)
            across, down = put.across
            edges = put.x * scale, (turn.before[1] - put.y) * scale
            yield (
                f"/f-0-0 {height:.2f} Tf {max(stretch, 1):.2f} Tz {across} {-down} "
                f"{down} {across} {edges[0]:.2f} {edges[1]:.2f} Tm <{codes}> Tj"
            )
    yield "ET"


class _Put(NamedTuple):
    """A word on the page as displayed, in pixels.

    ``x`` and ``y`` are where its base line begins, ``across`` which way that runs (right is 1, 0;
    down is 0, 1), ``size`` is that of its font.
    """

    text: str
    x: float
    y: float
    across: tuple[int, int]
    length: float
    size: float


def _placed(line: Line, turn: Turn) -> Iterator[_Put]:
    """Yield the words of a line: each upright on the middle of the slope that it stands on.

    poppler cuts words whose letters are more than half a point off their base line, and puts
    words in order by level lines only. So a line is made as level as _MOVED allows.
    """
    quarter = round(turn.angle / 90) * 90
    slope = math.cos(math.radians(turn.angle - quarter))
    right, down = _QUARTERS[quarter % 360]
    laid = list(_laid(line))
    sizes = [height / _EM for _, _, height in laid]
    feet = [turn.undone(word.box.middle_x, bottom) for word, bottom, _ in laid]
    lows = _levelled([x * -down + y * right for x, y in feet], max(sizes))
    for (word, _, _), size, (x, y), low in zip(laid, sizes, feet, lows, strict=True):
        length = word.box.width * slope
        start = x * right + y * down - length / 2
        place = start * right - low * down, start * down + low * right
        yield _Put(word.text, *place, (right, down), length, size)


def _levelled(lows: Sequence[float], size: float) -> Sequence[float]:
    """Return how low words stand, nearer to each other where that moves none too far."""
    drift = max(lows) - min(lows)
    level = _LEVEL * size
    if not level < drift <= level + 2 * _MOVED * size:
        return lows
    middle = (max(lows) + min(lows)) / 2
    return [middle + (low - middle) * level / drift for low in lows]


def _laid(line: Line) -> Iterator[tuple[Word, float, float]]:
    """Yield words with where they stand and how high they are: all the same but on curved lines."""
    heights = [max(1.0, word.box.height) for word in line.words]
    straight = line.box.height <= _WARPED * max(heights)
    bottom = median(word.box.y1 for word in line.words)
    for word, height in zip(line.words, heights, strict=True):
        yield (word, bottom, max(heights)) if straight else (word, word.box.y1, height)


def _stream(data: bytes, keys: str = "/Filter /FlateDecode") -> bytes:
    head = f"<< {keys} /Length {len(data)} >>\nstream\n".encode()
    return head + data + b"\nendstream"


_HEAD = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
_FONT = [
    b"<< /Type /Font /Subtype /Type0 /BaseFont /GlyphLessFont /Encoding /Identity-H "
    b"/DescendantFonts [6 0 R] /ToUnicode 9 0 R >>",
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /GlyphLessFont /DW 500 /CIDToGIDMap 7 0 R "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    b"/FontDescriptor 8 0 R >>",
    _stream(zlib.compress(_EVERY_GLYPH)),
    b"<< /Type /FontDescriptor /FontName /GlyphLessFont /Flags 5 /FontBBox [0 0 500 1000] "
    b"/ItalicAngle 0 /Ascent 1000 /Descent -1 /CapHeight 1000 /StemV 80 /FontFile2 10 0 R >>",
    _stream(_UNICODE, ""),
    _stream(_FONT_FILE, f"/Length1 {len(_FONT_FILE)}"),
]


def _file(objects: Iterable[bytes]) -> bytes:
    """Return a PDF of objects numbered from 1; the first is the catalog."""
    body, places = b"%PDF-1.5\n", []
    for number, thing in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(places) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + table + trailer
