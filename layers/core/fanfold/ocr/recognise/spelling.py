"""What a recogniser spells otherwise than it is printed: quotation marks, and blackletter's types.

A double quotation mark has two strokes, and tesseract often says so: two single marks for one
double mark, or two double ones. No text sets two like marks side by side; nested ones differ.
Straight marks stay: ``''`` is an empty string in a listing.

``script/Fraktur`` was trained without the types ch and ck, of which every line of German has some,
and writes what they look like to it: ``i<``, ``zurü>``, and ``{ön`` where a long s stands before.
See https://github.com/tesseract-ocr/tessdata/issues/102. No word has these signs beside a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from fanfold.ocr.recognise import languages as known_languages
from fanfold.ocr.words import Row

_LEFT_MARK, _RIGHT_MARK, _LOW_MARK = (
    "\N{LEFT SINGLE QUOTATION MARK}",
    "\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{SINGLE LOW-9 QUOTATION MARK}",
)
_DOUBLE = {_LEFT_MARK: "“", _RIGHT_MARK: "”", _LOW_MARK: "„"}
_TWICE = re.compile(f"([{_LEFT_MARK}{_RIGHT_MARK}{_LOW_MARK}“”„])\\1")

_ANY_LETTER = r"[^\W\d_]"
_LIGATURES = (
    (re.compile(rf"(?<={_ANY_LETTER})<|<(?={_ANY_LETTER})"), "ch"),
    (re.compile(rf"(?<={_ANY_LETTER})>"), "ck"),
    (re.compile(rf"(?<!\S){{(?={_ANY_LETTER})"), "\N{LATIN SMALL LETTER LONG S}ch"),
)


def spelled(rows: Iterable[Row], languages: str) -> Iterator[Row]:
    """Yield rows spelled as they are printed; ligatures if ``languages`` are blackletter."""
    blackletter = any(map(_is_blackletter, languages.split("+")))
    for row in rows:
        text = _TWICE.sub(_one, _spell(row.word.text) if blackletter else row.word.text)
        yield row._replace(word=replace(row.word, text=text)) if text != row.word.text else row


def _one(twice: re.Match[str]) -> str:
    return _DOUBLE.get(twice[1], twice[1])


def _spell(text: str) -> str:
    for sign, letters in _LIGATURES:
        text = sign.sub(letters, text)
    return text


def _is_blackletter(language: str) -> bool:
    known = known_languages.find(language)
    return known is not None and known.script == known_languages.FRAKTUR_SCRIPT
