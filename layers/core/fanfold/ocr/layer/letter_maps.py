"""Which letters a font's codes stand for: tables within PDF files, and TrueType's own.

See ISO 32000-1, 9.10.3, and the chapter “cmap” of the OpenType specification.
"""

from __future__ import annotations

import re
import string
import struct
from collections.abc import Iterator, Mapping

_CMAP_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_PAIR = re.compile(rb"<\s*([0-9A-Fa-f]+)\s*>\s*<\s*([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    rb"<\s*([0-9A-Fa-f]+)\s*>\s*<\s*([0-9A-Fa-f]+)\s*>\s*(?:<\s*([0-9A-Fa-f\s]*)>|\[([^\]]*)\])"
)
_HEX_STRING = re.compile(rb"<\s*([0-9A-Fa-f\s]*)>")
_MOST_CODES = 65_536
_ENTRIES_IN_A_SECTION = 100

_LETTERS = string.ascii_letters + string.digits
_UNICODE_TABLES = ((3, 1), (0, 3), (0, 4), (0, 1), (0, 0))
"""Platforms and encodings of TrueType's tables by characters of Unicode."""

_SEGMENTS = 4
"""The format of nearly all of them."""


def read(table: bytes) -> dict[int, str]:
    """Return what each code of a ToUnicode table stands for."""
    told: dict[int, str] = {}
    for section in _CMAP_SECTION.finditer(table):
        entries = _pairs if section[1] == b"bfchar" else _ranges
        told.update(entries(section[2]))
    return told


def _pairs(data: bytes) -> Iterator[tuple[int, str]]:
    for code, said in _PAIR.findall(data):
        yield int(code, 16), _text(said)


def _ranges(data: bytes) -> Iterator[tuple[int, str]]:
    for low, high, first, each in _RANGE.findall(data):
        codes = range(int(low, 16), min(int(high, 16), _MOST_CODES) + 1)
        if each:
            yield from zip(codes, map(_text, _HEX_STRING.findall(each)), strict=False)
        elif text := _text(first):
            yield from ((c, text[:-1] + chr(ord(text[-1]) + c - codes.start)) for c in codes)


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def written(told: Mapping[int, str], size: int) -> bytes:
    """Return a ToUnicode table of codes of ``size`` bytes."""
    lines = [
        b"<%0*X> <%s>" % (2 * size, code, text.encode("utf-16-be").hex().encode())
        for code, text in told.items()
    ]
    parts = [
        b"%d beginbfchar\n%s\nendbfchar" % (len(some), b"\n".join(some))
        for start in range(0, len(lines), _ENTRIES_IN_A_SECTION)
        if (some := lines[start : start + _ENTRIES_IN_A_SECTION])
    ]
    codes = b"1 begincodespacerange\n<%s> <%s>\nendcodespacerange" % (b"00" * size, b"FF" * size)
    begin = b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def"
    return b"\n".join([begin, codes, *parts, b"endcmap\nend\nend"])


def of_truetype(program: bytes) -> dict[int, str]:
    """Return the letters and figures of a program's glyphs; raise ValueError for a broken one."""
    try:
        return {glyph: c for c in _LETTERS if (glyph := _glyph(program, ord(c)))}
    except struct.error as error:
        raise ValueError("a font's program ends within its tables") from error


def _glyph(program: bytes, character: int) -> int:
    """Return the number of a character's glyph; 0 where there is none."""
    start = _table(program)
    if not start or struct.unpack_from(">H", program, start)[0] != _SEGMENTS:
        return 0
    (twice,) = struct.unpack_from(">H", program, start + 6)
    for place in range(start + 14, start + 14 + twice, 2):
        (last,) = struct.unpack_from(">H", program, place)
        if character > last:
            continue
        first, step, offset = (
            struct.unpack_from(">H", program, place + 2 + n * twice)[0] for n in (1, 2, 3)
        )
        if character < first:
            return 0
        if not offset:
            return int(character + step) & 0xFFFF
        at = place + 2 + 3 * twice + offset + 2 * (character - first)
        (glyph,) = struct.unpack_from(">H", program, at)
        return int(glyph + step) & 0xFFFF if glyph else 0
    return 0


def _table(program: bytes) -> int:
    """Return where a program's table by characters of Unicode begins; 0 where it has none."""
    (tables,) = struct.unpack_from(">H", program, 4)
    for n in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", program, 12 + 16 * n)
        if tag != b"cmap":
            continue
        (count,) = struct.unpack_from(">H", program, offset + 2)
        for each in range(count):
            platform, encoding, at = struct.unpack_from(">HHI", program, offset + 4 + 8 * each)
            if (platform, encoding) in _UNICODE_TABLES:
                return int(offset + at)
    return 0
