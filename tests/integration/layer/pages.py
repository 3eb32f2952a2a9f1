"""Pages whose fonts are not embedded: somebody else has to bring them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, String

BASE_14 = (
    *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
    *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"),
    *("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"),
    *("Symbol", "ZapfDingbats"),
)
CJK = {  # character collection: font, encoding by name, codec of that encoding, two words
    "Japan1": ("HeiseiMin-W3", "UniJIS-UCS2-H", "utf-16-be", "日本", "文書"),
    "GB1": ("STSong-Light", "GBK-EUC-H", "gbk", "中文", "书面"),
    "CNS1": ("MSung-Light", "ETen-B5-H", "big5", "中文", "書面"),
    "Korea1": ("HYSMyeongJo-Medium", "KSCms-UHC-H", "cp949", "한국", "문서"),
}


def write_base_14(target: Path, font: str, *texts: str) -> None:
    """Write a page for each text, in one of the fonts every viewer has to have."""
    _write(target, lambda _: _font("Type1", font), [text.encode("latin-1") for text in texts])


def write_cjk(target: Path, collection: str, *texts: str) -> None:
    """Write a page for each text, in a font of a CJK character collection."""
    font, encoding, codec, *_ = CJK[collection]

    def composite(pdf: pikepdf.Pdf) -> Dictionary:
        system = Dictionary(Registry=String("Adobe"), Ordering=String(collection), Supplement=2)
        descendant = _font("CIDFontType0", font)
        descendant.CIDSystemInfo = system
        descendant.DW = 1000
        descendant.FontDescriptor = pdf.make_indirect(_descriptor(font))
        whole = _font("Type0", f"{font}-{encoding}")
        whole.Encoding = Name(f"/{encoding}")
        whole.DescendantFonts = [pdf.make_indirect(descendant)]
        return whole

    _write(target, composite, [text.encode(codec) for text in texts])


def _font(kind: str, name: str) -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name(f"/{kind}"), BaseFont=Name(f"/{name}"))


def _descriptor(name: str) -> Dictionary:
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{name}"),
        Flags=4,
        FontBBox=[0, -120, 1000, 880],
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=700,
        StemV=80,
    )


def _write(target: Path, font: Callable[[pikepdf.Pdf], Dictionary], texts: list[bytes]) -> None:
    with pikepdf.new() as pdf:
        fonts = Dictionary(F=pdf.make_indirect(font(pdf)))
        for text in texts:
            page = pdf.add_blank_page(page_size=(300, 100))
            page.Resources = Dictionary(Font=fonts)
            content = b"BT /F 48 Tf 20 30 Td <%s> Tj ET" % text.hex().encode()
            page.Contents = pdf.make_stream(content)
        pdf.save(target)
