"""Ligatures of blackletter that tesseract's models have no letters for.

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

_LETTER = r"[^\W\d_]"
_SPELLED = (
    (re.compile(rf"(?<={_LETTER})<|<(?={_LETTER})"), "ch"),
    (re.compile(rf"(?<={_LETTER})>"), "ck"),
    (re.compile(rf"(?<!\S){{(?={_LETTER})"), "\N{LATIN SMALL LETTER LONG S}ch"),
)


def spelled(rows: Iterable[Row], languages: str) -> Iterator[Row]:
    """Yield rows with the ligatures spelled out, if ``languages`` are read by such a model."""
    blackletter = any(map(_is_blackletter, languages.split("+")))
    for row in rows:
        text = _spell(row.word.text) if blackletter else row.word.text
        yield row._replace(word=replace(row.word, text=text)) if text != row.word.text else row


def _spell(text: str) -> str:
    for sign, letters in _SPELLED:
        text = sign.sub(letters, text)
    return text


def _is_blackletter(language: str) -> bool:
    tongue = known_languages.find(language)
    return tongue is not None and tongue.script == known_languages.FRAKTUR
