"""What in a page's instructions could keep its text from being seen.

A quick search that proves nothing: most white fills lie under text and most clips cut off nothing.
Where there is no such sign, nothing has to be drawn to know that all words are seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from fanfold.errors import PageUnreadable
from fanfold.ocr.layer import page_objects

_LIGHT = rb"(?:1(?:\.0*)?|0?\.9[4-9]\d*)"
_NOUGHT = rb"0(?:\.0[0-5]?\d*)?"
_SETS_WHITE = re.compile(
    rb"(?<![\d.])(?:" + _LIGHT + rb"\s+(?:g|sc|scn)\b"
    rb"|" + _NOUGHT + rb"\s+scn?\b"
    rb"|(?:" + _LIGHT + rb"\s+){3}(?:rg|sc|scn)\b"
    rb"|(?:" + _NOUGHT + rb"\s+){4}(?:k|sc|scn)\b)"
)
_MODE = re.compile(rb"(?<![\d.])([0-7])(\s+Tr\b)")
_HIDDEN_MODE = re.compile(rb"(?<![\d.])[37]\s+Tr\b")
_SHOW = re.compile(rb"[)\]>]\s*(?:Tj|TJ|'|\")")
_FILL = re.compile(rb"(?<![\w/])(?:f\*?|F|B\*?|b\*?|sh)(?![\w*])")
_DRAWS_PICTURE = re.compile(rb"/[^\s/]+\s+Do\b|(?<!\w)EI(?!\w)")
_SHADE = re.compile(rb"(?<![\w/])sh(?!\w)")
_CLIP = re.compile(rb"(?:(-?[\d.]+)\s+(-?[\d.]+)\s+re\s+|(?<![\w/])[hlc]\s+)W\*?\s+n\b")
_ROOMY = 72.0, 7.0
"""Width and height, in whatever unit, from which a clip is one of a line, a paragraph or a page."""

_THIN = 0.1
_FONT_FILES = (Name.FontFile, Name.FontFile2, Name.FontFile3)


class Signs(NamedTuple):
    """What a page's instructions have that may hide text.

    White fills; text that is drawn in no colour (``invisible``); areas filled (``covered``),
    pictures (``pictured``) and shades (``shaded``) after text; tight clips (``clipped``).
    ``strange`` tells of fonts that are not in the file and that no other one stands in for,
    ``drawn`` of fonts whose glyphs are drawings and cannot be hidden.
    """

    white: bool = False
    invisible: bool = False
    covered: bool = False
    pictured: bool = False
    shaded: bool = False
    clipped: bool = False
    strange: bool = False
    drawn: bool = False

    @property
    def any(self) -> bool:
        """Whether there is something that could hide text."""
        return self.white or self.invisible or self.covered or self.pictured or self.clipped


def look(source: str) -> Signs:
    """Search the instructions of a one-page PDF; raise PageUnreadable if it does not open."""
    try:
        with pikepdf.open(source) as pdf:
            parts = [data for part in _instructions(pdf) if (data := page_objects.decoded(part))]
            return _signs(b"\n".join(parts), pdf)
    except (OSError, pikepdf.PikepdfError, LookupError, TypeError, ValueError) as error:
        raise PageUnreadable from error


def textless(source: str) -> str:
    """Write a copy of a one-page PDF that shows no text, everything else as it is; return its path.

    Raises PageUnreadable.
    """
    path = str(Path.cwd() / "textless.pdf")
    try:
        with pikepdf.open(source) as pdf:
            for part in list(_instructions(pdf)):
                data = _MODE.sub(rb"3\2", part.read_bytes())
                part.write(b"3 Tr\n" + data)
            pdf.save(path)
    except (OSError, pikepdf.PikepdfError, LookupError, TypeError, ValueError) as error:
        raise PageUnreadable from error
    return path


def _instructions(pdf: Pdf) -> Iterator[Stream]:
    """Yield the parts of a page's instructions, and its forms."""
    yield from page_objects.parts(pdf.pages[0].obj)
    for each in pdf.objects:
        if isinstance(each, Stream) and each.get(Name.Subtype) == Name.Form:
            yield each


def _signs(instructions: bytes, pdf: Pdf) -> Signs:
    first = _SHOW.search(instructions)
    after = instructions[first.end() :] if first else b""
    states = list(dictionaries(pdf))
    return Signs(
        white=_SETS_WHITE.search(instructions) is not None,
        invisible=_HIDDEN_MODE.search(instructions) is not None or any(map(_faint, states)),
        covered=_FILL.search(after) is not None,
        pictured=_DRAWS_PICTURE.search(after) is not None,
        shaded=_SHADE.search(after) is not None,
        clipped=any(map(_tight, _CLIP.finditer(instructions))),
        strange=any(map(strange, states)),
        drawn=any(each.get(Name.Subtype) == Name.Type3 for each in states),
    )


def dictionaries(pdf: Pdf) -> Iterator[Dictionary]:
    """Yield all dictionaries, those that stand in others included."""
    within: list[object] = list(pdf.objects)
    while within:
        each = within.pop()
        if isinstance(each, Dictionary):
            yield each
        if isinstance(each, Dictionary | Stream):
            within += [v for v in each.values() if isinstance(v, Object) and not v.is_indirect]
        elif isinstance(each, Array):
            within += [v for v in each if isinstance(v, Object) and not v.is_indirect]


def _tight(clip: re.Match[bytes]) -> bool:
    try:
        width, height = (abs(float(number or b"0")) for number in clip.groups())
    except ValueError:
        return True
    return width < _ROOMY[0] or height < _ROOMY[1]


def _faint(state: Dictionary) -> bool:
    """Whether what is drawn in a graphics state hardly shows."""
    fill = state.get(Name.ca)
    try:
        return fill is not None and float(str(fill)) < _THIN
    except ValueError:
        return False


def strange(thing: Object) -> bool:
    """Whether it is a font for large scripts whose glyphs are not in the file."""
    if thing.get(Name.Subtype) not in (Name.CIDFontType0, Name.CIDFontType2):
        return False
    described = thing.get(Name.FontDescriptor)
    return not isinstance(described, Dictionary) or not any(f in described for f in _FONT_FILES)
