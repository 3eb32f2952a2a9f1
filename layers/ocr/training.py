"""Write the pages that tesseract's profile is made from: training.py TEXT… PDF.

Set in the fonts that every viewer has to have, in sizes and layouts that documents have, from
any English text (the licences in the layer will do). The same texts give the same pages.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56
_PARAGRAPH = 11
"""Every so many lines one is empty."""

_EM = {"Courier": 0.6}
"""Mean width of a character as a share of the font's size."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is set; ``size`` in points."""

    font: str
    size: float
    columns: int = 1


LAYOUTS = (
    Layout("Times-Roman", 11),
    Layout("Helvetica", 10),
    Layout("Times-Italic", 14),
    Layout("Helvetica", 8, columns=2),
    Layout("Courier", 10),
    Layout("Times-Roman", 9, columns=3),
    Layout("Helvetica-Bold", 18),
    Layout("Times-Roman", 12, columns=2),
)


def main() -> None:
    """Read the texts, write the PDF."""
    *texts, target = map(Path, sys.argv[1:])
    words = " ".join(text.read_text(encoding="utf-8") for text in texts).split()
    Path(target).write_bytes(document(iter(words)))


def document(words: Iterator[str]) -> bytes:
    """Return a PDF with a page of each layout, filled with ``words``."""
    kids = " ".join(f"{3 * number + 3} 0 R" for number in range(len(LAYOUTS)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(LAYOUTS)}>>",
    ]
    for layout in LAYOUTS:
        number = len(objects) + 1
        shown = content(layout, words)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {_WIDTH} {_HEIGHT}]"
            f"/Resources<</Font<</F {number + 1} 0 R>>>>/Contents {number + 2} 0 R>>",
            f"<</Type/Font/Subtype/Type1/BaseFont/{layout.font}/Encoding/WinAnsiEncoding>>",
            f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        ]
    body = "%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(f"{len(body):010} 00000 n \n")
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{''.join(offsets)}"
    trailer = f"trailer<</Root 1 0 R/Size {len(objects) + 1}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + table + trailer).encode("latin-1")


def content(layout: Layout, words: Iterator[str]) -> str:
    """Return the content stream of one page: full columns with an empty line here and there."""
    column = (_WIDTH - 2 * _MARGIN) / layout.columns
    letters = int((column - 12) / (layout.size * _EM.get(layout.font, 0.46)))
    lines = int((_HEIGHT - 2 * _MARGIN) / (layout.size * 1.25))
    parts = [f"BT /F {layout.size} Tf {layout.size * 1.25} TL"]
    for number in range(layout.columns):
        parts.append(f"1 0 0 1 {_MARGIN + number * column} {_HEIGHT - _MARGIN} Tm")
        parts += [f"({line}) '" for line in _lines(words, letters, lines)]
    return "\n".join([*parts, "ET"])


def _lines(words: Iterator[str], letters: int, lines: int) -> Iterator[str]:
    text = " ".join(word for _, word in zip(range(letters * lines // 4), words, strict=False))
    plain = (
        text.encode("ascii", "ignore")
        .decode()
        .translate({ord(char): "\\" + char for char in "\\()"})
    )
    for number, line in enumerate(textwrap.wrap(plain, letters)[:lines]):
        yield line if number % _PARAGRAPH else ""


if __name__ == "__main__":
    main()
