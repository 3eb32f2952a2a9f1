"""Fonts that are none, or written in themselves."""

from __future__ import annotations

from tests.hostile import files
from tests.hostile.files import NOISE
from tests.hostile.registry import directed


def _font(program: bytes, kind: bytes, subtype: bytes, extra: bytes = b"") -> bytes:
    font = (
        b"<</Type/Font/Subtype/%s/BaseFont/ABCDEF+X/FirstChar 0/LastChar 255/Widths 7 0 R"
        b"/FontDescriptor 5 0 R%s>>" % (subtype, extra)
    )
    descriptor = (
        b"<</Type/FontDescriptor/FontName/ABCDEF+X/Flags 4/FontBBox[0 0 9 9]/ItalicAngle 0"
        b"/Ascent 9/Descent 0/CapHeight 9/StemV 9/%s 6 0 R>>" % kind
    )
    widths = b"[" + b"500 " * 255 + b"99999999999]"
    return files.page(files.TEXT, descriptor, program, widths, resources=b"/Font<</F1 %s>>" % font)


def _cff() -> bytes:
    """A CFF whose index says that it holds 65,535 strings of 4 GB each."""
    return b"\1\0\4\4" + b"\0\1\1\1\4abc" + b"\xff\xff\4" + b"\xff" * 600


_PROGRAMS = {
    "Type 1 of noise": (files.flate(NOISE), b"FontFile", b"Type1"),
    "Type 1 that loops": (
        files.stream(
            b"%!PS-AdobeFont-1.0: X\n/Subrs 1 array dup 0 9 RD 10 callsubr NP\n"
            b"currentfile eexec " + NOISE,
            b"/Length1 60/Length2 4000/Length3 -5",
        ),
        b"FontFile",
        b"Type1",
    ),
    "TrueType of noise": (files.flate(b"\0\1\0\0" + NOISE), b"FontFile2", b"TrueType"),
    "TrueType of 65,535 tables": (
        files.flate(b"\0\1\0\0\xff\xff" + b"glyf\0\0\0\0\0\0\0\0\xff\xff\xff\xff" * 65_535),
        b"FontFile2",
        b"TrueType",
    ),
    "broken CFF": (files.flate(_cff(), b"/Subtype/Type1C"), b"FontFile3", b"Type1"),
    "CFF of noise": (files.flate(b"\1\0\4\1" + NOISE, b"/Subtype/Type1C"), b"FontFile3", b"Type1"),
    "OpenType of noise": (
        files.flate(b"OTTO" + NOISE, b"/Subtype/OpenType"),
        b"FontFile3",
        b"Type1",
    ),
    "a font that is its page": (b"3 0 R", b"FontFile2", b"TrueType"),
    "a font that unpacks to a gigabyte": (
        files.stream(files.squeezed(files.zeros(1 << 28)), b"/Filter/FlateDecode/Length1 9"),
        b"FontFile2",
        b"TrueType",
    ),
}

for _name, (_program, _kind, _subtype) in _PROGRAMS.items():

    @directed(f"font: {_name}")
    def font(program: bytes = _program, kind: bytes = _kind, subtype: bytes = _subtype) -> bytes:
        return _font(program, kind, subtype)


def _type3(glyph: bytes, matrix: bytes = b"[.1 0 0 .1 0 0]") -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix%s/FirstChar 32/LastChar 122"
        b"/Widths[%s]/CharProcs<</a 6 0 R>>/Encoding<</Differences[32%s]>>"
        b"/Resources<</Font<</F1 5 0 R>>>>>>" % (matrix, b"9 " * 91, b"/a" * 91)
    )
    return files.page(files.TEXT, font, files.stream(glyph), resources=b"/Font<</F1 5 0 R>>")


@directed("font: a glyph that is written in its own font")
def type3() -> bytes:
    return _type3(b"9 0 d0 BT /F1 9 Tf (aaaaaaaaaa) Tj ET")


@directed("font: a matrix of nothing")
def flat() -> bytes:
    return _type3(b"9 0 0 0 9 9 d1 0 0 9 9 re f", b"[0 0 0 0 0 0]")


@directed("font: a glyph a million times the page")
def large_glyph() -> bytes:
    return _type3(b"9 0 0 0 9 9 d1 0 0 9 9 re f", b"[1e6 0 0 1e6 0 0]")


@directed("font: a composite font whose descendant is itself")
def composite() -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding 5 0 R/DescendantFonts[5 0 R]"
        b"/ToUnicode 5 0 R/W[0 2147483647 9]>>"
    )
    return files.page(files.TEXT, font, resources=b"/Font<</F1 5 0 R>>")


@directed("font: a character map that uses itself")
def usecmap() -> bytes:
    cmap = files.stream(
        b"/CIDInit /ProcSet findresource begin begincmap /X usecmap "
        b"1 begincidrange <0000> <ffffffff> 0 endcidrange endcmap",
        b"/Type/CMap/CMapName/X/UseCMap 5 0 R",
    )
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding 5 0 R/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/X/CIDSystemInfo<</Registry(a)/Ordering(b)/Supplement 0>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4>>>>]>>"
    )
    return files.page(files.TEXT, cmap, resources=b"/Font<</F1 %s>>" % font)
