"""Pages and documents for the tests of the formats."""

from __future__ import annotations

import io
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Object, Pdf

from fanfold.errors import by_code
from fanfold.formats.outcome import FailedPage
from fanfold.model import (
    Block,
    Box,
    Document,
    Line,
    Page,
    Reason,
    Source,
    SourceFile,
    State,
    Word,
)
from tests.data import pdfs

BOX = Box(72, 72, 200, 84)


def page(number: int, *paragraphs: str) -> Page:
    """Return a page; lines of a paragraph are a newline apart."""
    blocks = tuple(Block(tuple(map(line, paragraph.split("\n"))), BOX) for paragraph in paragraphs)
    source = Source.OCR if blocks else Source.BLANK
    return Page(number, 595.28, 841.89, source, "no text layer", blocks, dpi=200, languages="eng")


def page_of_one_word(number: int, word: str) -> Page:
    block = Block((Line((Word(word, BOX, 90),), BOX),), BOX)
    return Page(number, 595.28, 841.89, Source.OCR, "no text layer", (block,))


def failed(number: int, code: str = "TIMEOUT") -> FailedPage:
    kind = by_code(code)
    return FailedPage(number, Reason(code, kind.message, kind.retryable, kind.hint))


def document() -> Document:
    return Document(
        id="d1",
        tenant="default",
        state=State.PARTIAL,
        name="Größe + 100% (1).pdf",
        created_at=1_700_000_000_000,
        updated_at=1_700_000_099_999,
        source=SourceFile("inbox/x.pdf", "v1", 1234, "ab" * 32, "application/pdf"),
        document_pages=3,
        pages_total=3,
        selection="1-3",
        pages_done=2,
        pages_failed=1,
    )


def line(text: str) -> Line:
    return Line(tuple(Word(word, BOX, 96.04) for word in text.split(" ")), BOX)


def layer(path: Path, text: str, size: tuple[float, float] = (595, 842)) -> str:
    """Write a text-only PDF as tesseract would: one page, invisible, a composite font."""
    pdf = Pdf.new()
    unicode_map = pdf.make_stream(b"% maps every code to itself")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.GlyphLessFont, ToUnicode=unicode_map
    )
    content = f"BT 3 Tr /f-0-0 12 Tf 72 {size[1] - 84} Td ({text}) Tj ET".encode()
    pdfs.add_page(pdf, content, (0, 0, *size), Dictionary(Font=Dictionary({"/f-0-0": font})))
    pdf.save(path)
    return str(path)


def stored(content: Object) -> bytes:
    """Return the bytes of a page's content as they lie in the file."""
    parts = content if isinstance(content, Array) else [content]
    return b"|".join(part.read_raw_bytes() for part in parts)


def opened(data: bytes) -> Pdf:
    return Pdf.open(io.BytesIO(data))
