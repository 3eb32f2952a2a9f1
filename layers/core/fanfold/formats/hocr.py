"""document.hocr: hOCR 1.2, as tesseract writes it, for the tools that read that.

Boxes are in pixels of the page as displayed, ``units.PIXELS_PER_INCH``, which ``scan_res`` says;
``x_wconf`` is a word's confidence, ``textangle`` the lines' turn counterclockwise. A failed page
keeps its place, without a box, and says why in ``x_failed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fanfold.formats import units
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.units import PIXELS_PER_INCH, Area, area, characters
from fanfold.formats.xml import escape, quoteattr
from fanfold.model import Block, Document, Line, Page

_FILE_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>{title}</title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name="ocr-system" content="fanfold"/>
  <meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf"/>
 </head>
 <body>
"""
_FILE_TAIL = " </body>\n</html>\n"


def series(document: Document) -> Series:
    """Return how ``document`` is written: one XHTML file with an ``ocr_page`` for each page."""
    return Series(
        page, before=_FILE_HEAD.format(title=escape(characters(document.name))), after=_FILE_TAIL
    )


def page(outcome: Outcome) -> str:
    """Return a page as an element."""
    name, number = f"page_{outcome.number}", f"ppageno {outcome.number - 1}"
    if isinstance(outcome, FailedPage):
        return _element("div", "ocr_page", name, f"{number}; x_failed {outcome.reason.code}", ())
    size = _bbox(units.whole(outcome, PIXELS_PER_INCH))
    title = f"{size}; {number}; scan_res {PIXELS_PER_INCH} {PIXELS_PER_INCH}"
    blocks = (_block(outcome, place, block) for place, block in enumerate(outcome.blocks, 1))
    return _element("div", "ocr_page", name, title, blocks, units.language(outcome))


def _block(page: Page, place: int, block: Block) -> str:
    name, box = f"{page.number}_{place}", _bbox(area(block.box, PIXELS_PER_INCH))
    paragraph = _element("p", "ocr_par", f"par_{name}", box, _lines(page, name, block))
    return _element("div", "ocr_carea", f"block_{name}", box, (paragraph,))


def _lines(page: Page, name: str, block: Block) -> Iterator[str]:
    turned = f"; textangle {angle:g}" if (angle := units.angle(page)) else ""
    for place, line in enumerate(block.lines, 1):
        own, title = f"{name}_{place}", _bbox(area(line.box, PIXELS_PER_INCH)) + turned
        yield _element("span", "ocr_line", f"line_{own}", title, _words(own, line))


def _words(name: str, line: Line) -> Iterator[str]:
    for place, word in enumerate(line.words, 1):
        title = f"{_bbox(area(word.box, PIXELS_PER_INCH))}; x_wconf {round(word.confidence)}"
        start = _start("span", "ocrx_word", f"word_{name}_{place}", title)
        yield f"{start}{escape(characters(word.text))}</span>\n"


def _element(
    tag: str, kind: str, name: str, title: str, inside: Iterable[str], language: str = ""
) -> str:
    return f"{_start(tag, kind, name, title, language)}\n{''.join(inside)}</{tag}>\n"


def _start(tag: str, kind: str, name: str, title: str, language: str = "") -> str:
    lang = f' lang="{language}"' if language else ""
    return f'<{tag} class="{kind}" id="{name}"{lang} title={quoteattr(title)}>'


def _bbox(place: Area) -> str:
    return f"bbox {place.left} {place.top} {place.right} {place.bottom}"
