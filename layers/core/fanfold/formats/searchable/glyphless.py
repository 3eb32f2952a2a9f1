"""The font of invisible text, the one that tesseract writes its own layers with.

It has one empty glyph, half as wide as it is high, that stands for every character. A text is
written in UTF-16, and is what a reader gets back.
"""

from __future__ import annotations

import base64
import zlib

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

GLYPH_WIDTH = 0.5
"""Width of the glyph, in sizes of the font."""

_PROGRAM = zlib.decompress(
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

_GLYPH_OF_EVERY_CHARACTER = zlib.compress(b"\x00\x01" * 65536)

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
"""Every code is the character it is."""


def font(pdf: Pdf) -> Object:
    """Add the font to ``pdf``."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.GlyphLessFont,
        Flags=5,
        FontBBox=Array([0, 0, 500, 1000]),
        ItalicAngle=0,
        Ascent=1000,
        Descent=-1,
        CapHeight=1000,
        StemV=80,
        FontFile2=Stream(pdf, _PROGRAM, Length1=len(_PROGRAM)),
    )
    every_glyph = Stream(pdf, _GLYPH_OF_EVERY_CHARACTER, Filter=Name.FlateDecode)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.GlyphLessFont,
        DW=round(1000 * GLYPH_WIDTH),
        CIDToGIDMap=every_glyph,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.GlyphLessFont,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=Stream(pdf, _UNICODE),
        )
    )
