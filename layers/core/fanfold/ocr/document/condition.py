"""What is known of a page's condition before it is read: noted in its file, heard from programs.

Whoever cuts a page sees what qpdf misses in the document; the page's reader, in another process,
only has the page. So the codes travel in the page's own dictionary, which is ours: nothing of a
document's is copied under these keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pikepdf
from pikepdf import Array, Name, Object, Pdf, String

from fanfold.damage import DATA_DAMAGED, OBJECT_MISSING, PICTURE_DAMAGED
from fanfold.ocr.document import streams

_DAMAGE = Name("/FanfoldDamage")
_ELSEWHERE = Name("/FanfoldElsewhere")

_HEARD = (
    (
        PICTURE_DAMAGED,
        r"corrupt jpeg|jpeg data|premature end of jpeg|\bdct\b|jpeg datastream|not a jpeg",
    ),
    (PICTURE_DAMAGED, r"ccittfax|two dim code|(?:white|black) code|jbig2|jpx|jpeg ?2000|openjp"),
    (PICTURE_DAMAGED, r"extraneous bytes? after segment|read too many bytes"),
    (PICTURE_DAMAGED, r"bad image parameters|unknown filter|\btile\b|codestream|packet header"),
    (OBJECT_MISSING, r"xobject '.*' is unknown|unknown font tag|unknown (?:pattern|shading)"),
    (OBJECT_MISSING, r"unknown xobject|couldn't find a font program|missing or invalid contents"),
    (DATA_DAMAGED, r"flate stream|lzw stream|in flate|in lzw|bad (?:huffman|block header)"),
    (DATA_DAMAGED, r"end of file inside|unterminated|weird page contents|bad 'length'"),
    (DATA_DAMAGED, r"embedded font file may be invalid|failed to load font"),
)
"""What poppler and the decoders in it say of damage; of much else they complain without need."""

_PATTERNS = tuple((code, re.compile(words, re.IGNORECASE)) for code, words in _HEARD)
_NO_DAMAGE = re.compile(
    r"unknown operator|illegal character|too (?:few|many) .*args|wrong type", re.I
)
_MUCH_NOISE = 20
"""Minimum of complaints about instructions that make no sense, where they are no mere slips."""

_WARNED = (
    (OBJECT_MISSING, "not found in file after regenerating"),
    (OBJECT_MISSING, "treating stream as empty"),
    (DATA_DAMAGED, "error decoding stream"),
    (DATA_DAMAGED, "parse error while reading"),
    (DATA_DAMAGED, "eof while reading"),
    (DATA_DAMAGED, "unexpected eof"),
)
"""What qpdf warns of where something is lost. That a table of objects was wrong, or a length, is
no damage: it found them all the same."""


def warned(warnings: Iterable[str]) -> set[str]:
    """Return the damage that warnings of qpdf's speak of."""
    said = [str(warning).lower() for warning in warnings]
    return {code for code, words in _WARNED if any(words in one for one in said)}


def heard(complaints: Iterable[str]) -> set[str]:
    """Return the damage that complaints of poppler's programs speak of."""
    lines = [line for complaint in complaints for line in complaint.splitlines()]
    found = {code for code, words in _PATTERNS if any(map(words.search, lines))}
    if sum(_NO_DAMAGE.search(line) is not None for line in lines) >= _MUCH_NOISE:
        found.add(DATA_DAMAGED)
    return found


def note(page: Object, codes: Iterable[str], elsewhere: str = "") -> None:
    """Note on a page of ours what is broken, and where the document's content is instead."""
    if found := sorted(codes):
        page[_DAMAGE] = Array([Name(f"/{code}") for code in found])
    if elsewhere:
        page[_ELSEWHERE] = String(elsewhere)


def note_in(path: Path, codes: Iterable[str]) -> None:
    """Note damage in a one-page file that is written already."""
    if found := set(codes):
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            note(pdf.pages[0].obj, found)
            pdf.save(path, compress_streams=False)


def noted(page: Object) -> set[str]:
    """Return the damage that was noted on a page."""
    codes = page.get(_DAMAGE)
    return {str(code)[1:] for code in codes} if isinstance(codes, Array) else set()


def elsewhere(page: Object) -> str:
    """Return where the document's content is if it is not on this page; empty as a rule."""
    said = page.get(_ELSEWHERE)
    return str(said) if isinstance(said, String) else ""


def seen(pdf: Pdf) -> set[str]:
    """Return the damage of a one-page file: what was noted on it, and its broken streams."""
    return noted(pdf.pages[0].obj) | streams.damage(pdf)
