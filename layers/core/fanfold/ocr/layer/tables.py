"""Fonts whose table of letters tells otherwise than the font itself.

A font may say twice which letter a glyph is: in its table for whoever copies text (ToUnicode), and
in its encoding or its program, by which it is drawn. Where both differ about a letter or a figure,
nobody knows which is right before the page was looked at. See ISO 32000-1, 9.6.6 and 9.10.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from fanfold.errors import PageUnreadable
from fanfold.ocr.layer import hiding, letter_maps, likeness

_MAXIMUM_OBJECTS_OF_CHECK = 1_000
"""Objects above which to search for fonts costs more than it finds."""

_LATIN_LETTERS_AND_DIGITS = frozenset(string.ascii_letters + string.digits)
_ENCODINGS = (Name.WinAnsiEncoding, Name.MacRomanEncoding, Name.StandardEncoding)
_IDENTITY = (Name("/Identity-H"), Name("/Identity-V"))
_FIGURE_NAMES = "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"
_FIGURES = dict(zip(_FIGURE_NAMES, string.digits, strict=True))
_SYMBOLIC = 4
"""The bit of a font's flags that says that a TrueType program's own codes count."""

_PRIVATE = "\ue000"


def contradicted(pdf: Pdf) -> bool:
    """Whether some font of a one-page PDF tells two letters for one glyph."""
    return len(pdf.objects) <= _MAXIMUM_OBJECTS_OF_CHECK and any(True for _ in _contradictions(pdf))


def unsaid(source: str) -> str:
    """Write a copy of a one-page PDF in which such glyphs have no letters; return its path.

    Raises PageUnreadable.
    """
    path = str(Path.cwd() / "unsaid.pdf")
    try:
        with pikepdf.open(source) as pdf:
            for font, told, wrong in list(_contradictions(pdf)):
                said = {**told, **dict.fromkeys(wrong, _PRIVATE)}
                size = 2 if font.get(Name.Subtype) == Name.Type0 else 1
                font.ToUnicode = pdf.make_stream(letter_maps.written(said, size))
            pdf.save(path)
    except (OSError, pikepdf.PikepdfError, LookupError, TypeError, ValueError) as error:
        raise PageUnreadable from error
    return path


def _contradictions(pdf: Pdf) -> Iterator[tuple[Object, Mapping[int, str], list[int]]]:
    """Yield fonts with what their tables say and the codes about which they contradict."""
    for thing in hiding.dictionaries(pdf):
        if not isinstance(thing.get(Name.ToUnicode), Stream):
            continue
        try:
            own = _own(thing)
            told = letter_maps.read(thing.ToUnicode.read_bytes()) if own else {}
        except (pikepdf.PikepdfError, LookupError, TypeError, ValueError):
            continue
        wrong = [
            code for code, letter in own.items() if code in told and _differ(letter, told[code])
        ]
        if wrong:
            yield thing, told, wrong


def _differ(letter: str, said: str) -> bool:
    return likeness.folded(said) != letter.lower()


def _own(font: Object) -> dict[int, str]:
    """Return the letters and figures of a font's codes by what draws them, where that is known."""
    kind = font.get(Name.Subtype)
    if kind == Name.Type0:
        return _of_program(font)
    if kind == Name.Type3 or (kind == Name.TrueType and _is_symbolic(font)):
        return {}
    return _of_encoding(font.get(Name.Encoding))


def _of_encoding(encoding: Object | None) -> dict[int, str]:
    if isinstance(encoding, Name):
        return {ord(c): c for c in _LATIN_LETTERS_AND_DIGITS} if encoding in _ENCODINGS else {}
    if not isinstance(encoding, Dictionary):
        return {}
    own = _of_encoding(encoding.get(Name.BaseEncoding))
    code, changes = 0, encoding.get(Name.Differences)
    for each in changes if isinstance(changes, Array) else ():
        if isinstance(each, Name):
            own.pop(code, None)
            name = str(each)[1:]
            if name in _LATIN_LETTERS_AND_DIGITS or name in _FIGURES:
                own[code] = _FIGURES.get(name, name)
            code += 1
        else:
            code = int(each)
    return own


def _of_program(font: Object) -> dict[int, str]:
    """Return what the program of a font says whose codes are the numbers of its glyphs."""
    if font.get(Name.Encoding) not in _IDENTITY:
        return {}
    inner = font.DescendantFonts[0]
    if inner.get(Name.Subtype) != Name.CIDFontType2:
        return {}
    if inner.get(Name.CIDToGIDMap, Name.Identity) != Name.Identity:
        return {}
    program = inner.FontDescriptor.get(Name.FontFile2)
    return letter_maps.of_truetype(program.read_bytes()) if isinstance(program, Stream) else {}


def _is_symbolic(font: Object) -> bool:
    described = font.get(Name.FontDescriptor)
    flags = described.get(Name.Flags, 0) if isinstance(described, Dictionary) else 0
    return bool(int(flags) & _SYMBOLIC)
