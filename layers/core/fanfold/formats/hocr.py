"""document.hocr: hOCR 1.2, as tesseract writes it, for the tools that read that.

Boxes are in pixels of the page as displayed, ``units.PIXELS_PER_INCH``, which ``scan_res`` says;
``x_wconf`` is a word's confidence, ``textangle`` the lines' turn counterclockwise; ``x_size`` is
how high a line's letters reach, ``baseline`` where its letters stand, as far as words tell that. A
table is a table of HTML. A failed page keeps its place, without a box, and says why in
``x_failed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from fanfold import cells
from fanfold.bidi import runs_left
from fanfold.formats import baselines, units
from fanfold.formats.language_tags import tag, tags
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.units import PIXELS_PER_INCH, POINTS_PER_INCH, Area, area, characters
from fanfold.formats.xml import escape, quoteattr
from fanfold.model import Block, BlockKind, Cell, Document, Line, Page

_FILE_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
 <head>
  <title>{title}</title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name="ocr-system" content="fanfold"/>
  <meta name="ocr-capabilities" content="{capabilities}"/>
{languages} </head>
 <body>
"""
_OCR_CAPABILITIES = (
    "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocr_table ocrp_wconf ocrp_lang ocrp_dir"
)
_PIXELS = PIXELS_PER_INCH / POINTS_PER_INCH
_FILE_TAIL = " </body>\n</html>\n"


def series(document: Document) -> Series:
    """Return how ``document`` is written: one XHTML file with an ``ocr_page`` for each page."""
    title = escape(characters(document.name))
    known = " ".join(tags(document.options.languages))
    languages = f'  <meta name="ocr-langs" content="{known}"/>\n' if known else ""
    head = _FILE_HEAD.format(title=title, capabilities=_OCR_CAPABILITIES, languages=languages)
    return Series(page, before=head, after=_FILE_TAIL)


def page(outcome: Outcome) -> str:
    """Return a page as an element."""
    name, number = f"page_{outcome.number}", f"ppageno {outcome.number - 1}"
    if isinstance(outcome, FailedPage):
        return _element("div", "ocr_page", name, f"{number}; x_failed {outcome.reason.code}", ())
    size = _bbox(units.whole(outcome, PIXELS_PER_INCH))
    title = f"{size}; {number}; scan_res {PIXELS_PER_INCH} {PIXELS_PER_INCH}"
    blocks = (_block(outcome, place, block) for place, block in enumerate(outcome.blocks, 1))
    language = tag(outcome.languages)
    told = f' lang="{language}" xml:lang="{language}"' if language else ""
    return _element("div", "ocr_page", name, title, blocks, told)


def _block(page: Page, place: int, block: Block) -> str:
    name, box = f"{page.number}_{place}", _bbox(area(block.box, PIXELS_PER_INCH))
    if block.table and block.table.cells:
        inside = _table(page, name, block)
    else:
        heading = block.kind is BlockKind.HEADING
        inside = _paragraph(page, name, block, f"h{block.level}" if heading else "p")
    return _element("div", "ocr_carea", f"block_{name}", box, (inside,))


def _paragraph(page: Page, name: str, block: Block, tag: str) -> str:
    box = _bbox(area(block.box, PIXELS_PER_INCH))
    lines = _lines(page, name, block.lines)
    return _element(tag, "ocr_par", f"par_{name}", box, lines, _direction(block.lines))


def _table(page: Page, name: str, block: Block) -> str:
    rows = groupby(cells.lined(block), key=lambda held: held[0].row)
    inside = (
        f"<tr>\n{''.join(_cell(page, name, block, cell, lines) for cell, lines in held)}</tr>\n"
        for _, held in rows
    )
    box = _bbox(area(block.box, PIXELS_PER_INCH))
    return _element("table", "ocr_table", f"table_{name}", box, inside)


def _cell(page: Page, name: str, block: Block, cell: Cell, lines: Sequence[Line]) -> str:
    own = f"{name}_{cell.row + 1}_{cell.column + 1}"
    spans = (("rowspan", cell.row_span), ("colspan", cell.column_span))
    told = "".join(f' {what}="{count}"' for what, count in spans if count > 1)
    inside = _paragraph(page, own, Block(tuple(lines), cell.box), "p") if lines else ""
    tag = "th" if block.table and cell.row < block.table.head else "td"
    return f"<{tag}{told}>\n{inside}</{tag}>\n"


def _lines(page: Page, name: str, lines: Sequence[Line]) -> Iterator[str]:
    for place, line in enumerate(lines, 1):
        own, box = f"{name}_{place}", area(line.box, PIXELS_PER_INCH)
        title = "; ".join((_bbox(box), *_measures(page, line)))
        yield _element("span", "ocr_line", f"line_{own}", title, _words(own, line))


def _measures(page: Page, line: Line) -> Iterator[str]:
    """Yield what is known of a line besides its box."""
    if (base := baselines.of(page, line)) is not None:
        yield f"baseline {base.slope:g} {round(base.offset * _PIXELS)}"
    if line.words and page.orientation in (0, 180):
        yield f"x_size {round(baselines.size(line) * _PIXELS)}"
    if angle := units.angle(page):
        yield f"textangle {angle:g}"


def _words(name: str, line: Line) -> Iterator[str]:
    for place, word in enumerate(line.words, 1):
        title = f"{_bbox(area(word.box, PIXELS_PER_INCH))}; x_wconf {round(word.confidence)}"
        start = _start("span", "ocrx_word", f"word_{name}_{place}", title)
        yield f"{start}{escape(characters(word.text))}</span>\n"


def _direction(lines: Sequence[Line]) -> str:
    return ' dir="rtl"' if runs_left(" ".join(line.text for line in lines)) else ""


def _element(
    tag: str, kind: str, name: str, title: str, inside: Iterable[str], more: str = ""
) -> str:
    return f"{_start(tag, kind, name, title, more)}\n{''.join(inside)}</{tag}>\n"


def _start(tag: str, kind: str, name: str, title: str, more: str = "") -> str:
    return f'<{tag} class="{kind}" id="{name}"{more} title={quoteattr(title)}>'


def _bbox(place: Area) -> str:
    return f"bbox {place.left} {place.top} {place.right} {place.bottom}"
