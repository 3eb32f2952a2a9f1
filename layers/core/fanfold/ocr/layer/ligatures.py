"""Glyphs of scripts that run to the left which stand for several letters, such as lam-alef.

poppler gives the words of such scripts backwards, from left to right, but the letters of one glyph
forwards, as the font's table or the page's marks have them (ToUnicode, ActualText; ISO 32000-1,
9.10.3 and 14.9.4): turned around, السلام comes out as السالم. In a copy that has them backwards all
letters of a word run one way.
"""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream, String

from fanfold.bidi import runs_left
from fanfold.ocr.layer import hiding, letter_maps

_ACTUAL_TEXT = b"ActualText"
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def backwards(source: str, said: str) -> str | None:
    """Write a copy of a one-page PDF whose words are ``said``, and return its path.

    None where nothing is to be turned, or where the file is too broken for that.
    """
    if not _LEFTWARD.search(said):
        return None
    path = str(Path.cwd() / "ligatures.pdf")
    try:
        with pikepdf.open(source) as pdf:
            told = [_turn(pdf, thing) for thing in list(hiding.dictionaries(pdf))]
            if not (_turn_marks(pdf) or any(told)):
                return None
            pdf.save(path)
    except (OSError, pikepdf.PikepdfError, LookupError, TypeError, ValueError):
        return None
    return path


def _turn(pdf: Pdf, thing: Dictionary) -> bool:
    """Turn around what the table of a font has for single glyphs; return whether there was any."""
    table = thing.get(Name.ToUnicode)
    if not isinstance(table, Stream):
        return False
    told = letter_maps.read(table.read_bytes())
    turned = {code: text[::-1] for code, text in told.items() if _is_turnable(text)}
    if turned:
        size = 2 if thing.get(Name.Subtype) == Name.Type0 else 1
        thing.ToUnicode = pdf.make_stream(letter_maps.written({**told, **turned}, size))
    return bool(turned)


def _turn_marks(pdf: Pdf) -> bool:
    """Turn around what the marks within a page say; return whether there was any."""
    page = pdf.pages[0]
    page.contents_coalesce()
    contents = page.obj.get(Name.Contents)
    if not isinstance(contents, Stream) or _ACTUAL_TEXT not in contents.read_bytes():
        return False
    steps = pikepdf.parse_content_stream(page)
    marks = (one for step in steps for one in step.operands if isinstance(one, Dictionary))
    turned = [_turn_mark(mark) for mark in marks]
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(steps))
    return any(turned)


def _turn_mark(mark: Dictionary) -> bool:
    text = str(mark.get(Name.ActualText, ""))
    if _is_turnable(text):
        mark.ActualText = String(text[::-1])
    return _is_turnable(text)


def _is_turnable(text: str) -> bool:
    return len(text) > 1 and runs_left(text)
