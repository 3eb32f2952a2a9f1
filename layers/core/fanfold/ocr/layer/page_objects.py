"""What may be on a page, told by the objects of its PDF: pictures, letters, ruled tables."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from fanfold.ocr.layer import tokens

_MANY_OBJECTS = 5_000
_MOST_CONTENT = 4 * 1024 * 1024
"""Objects, and bytes of drawing instructions, above which searching costs more than it saves."""

_OF_A_SCAN = 50
"""Objects; pages with more of them hardly ever are without letters."""

_RULE_SLENDERNESS = 10
"""How much longer than thick a rule is at least, and how long, in whatever unit: underlines and
ticks made of dots are none. Rectangles that are not framed mostly cut off what is beyond."""

_RULES = 2
"""Rules in each direction that a table has at least."""

_SEARCHED_BYTES = 600_000
"""Maximum of bytes of instructions that are read word by word, 10 ms; drawings and maps have
more."""

_MOST_CURVES = 40
"""Minimum of curves on a page that may have letters as outlines; rounded frames have four each."""

_MOST_SLOPES = 12
"""Minimum of sloping lines on such a page: plotters' letters are made of them."""

_MOST_RECTANGLES = 300
"""Minimum of rectangles on such a page: some printers make letters of them."""

_INLINE = re.compile(rb"(?:^|[\s)>\]])BI[\s/%]")
_TILING = 1


def lettered(pdf: Pdf) -> bool:
    """Whether there can be letters: nothing can be written where no font is named.

    What is drawn for annotations may be written without one.
    """
    if _size(pdf) > _OF_A_SCAN or Name.Annots in pdf.pages[0].obj:
        return True
    return any(map(_names_fonts, pdf.objects))


def _names_fonts(thing: object) -> bool:
    """Whether an object or one within it, however deep, has fonts."""
    within = [thing]
    while within:
        each = within.pop()
        if isinstance(each, Dictionary | Stream):
            if Name.Font in each:
                return True
            within += [v for v in each.values() if isinstance(v, Object) and not v.is_indirect]
    return False


def length(page: Object) -> float:
    """Return how many bytes of instructions a page has; infinity where that is dear to find out."""
    found = [decoded(part) for part in parts(page)]
    return sum(math.inf if data is None else len(data) for data in found)


class Instructions(NamedTuple):
    """The words of a page's instructions, and of each form's; ``whole`` says that these are all."""

    page: list[bytes]
    forms: tuple[list[bytes], ...]
    whole: bool


NO_INSTRUCTIONS = Instructions([], (), whole=False)


def instructions(pdf: Pdf) -> Instructions:
    """Read a page's instructions; nothing of what is packed in an unusual way, or too much."""
    if _size(pdf) >= _MANY_OBJECTS:
        return NO_INSTRUCTIONS
    page = [decoded(part) for part in parts(pdf.pages[0].obj)]
    forms = [decoded(each) for each in pdf.objects if isinstance(each, Stream) and _is_form(each)]
    said = [b"\n".join(filter(None, page)), *filter(None, forms)]
    words = [tokens.of(data[:_SEARCHED_BYTES]) for data in said]
    whole = None not in (*page, *forms) and max(map(len, said)) <= _SEARCHED_BYTES
    return Instructions(words[0], tuple(words[1:]), whole)


def ruled(said: Instructions) -> bool:
    """Whether the page may have ruled tables: rules across and down, or cells with a frame."""
    across, down = 0, 0
    for words in (said.page, *said.forms):
        for wide, high, framed in tokens.segments(words):
            cell = framed and min(wide, high) > _RULE_SLENDERNESS
            across += cell or wide > _RULE_SLENDERNESS * max(1.0, high)
            down += cell or high > _RULE_SLENDERNESS * max(1.0, wide)
            if min(across, down) >= _RULES:
                return True
    return False


def parts(page: Object) -> Iterator[Stream]:
    """Yield the streams that a page's instructions are in."""
    contents = page.get(Name.Contents)
    streams = list(contents) if isinstance(contents, Array) else [contents]
    return (part for part in streams if isinstance(part, Stream))


def _size(pdf: Pdf) -> int:
    return int(pdf.trailer.get(Name.Size, _MANY_OBJECTS))


def pictured(pdf: Pdf) -> bool:
    """Whether there can be pictures: their objects, or pictures within drawing instructions.

    A page that is too large to search has some.
    """
    if _size(pdf) >= _MANY_OBJECTS:
        return True
    return any(_is_picture(thing) or _draws(thing) for thing in pdf.objects) or any(
        map(_inline, parts(pdf.pages[0].obj))
    )


def _is_picture(thing: Object) -> bool:
    return isinstance(thing, Stream) and thing.get(Name.Subtype) == Name.Image


def drawn(pdf: Pdf, said: Instructions) -> bool:
    """Whether a page may show letters that are no text: outlines, or what an annotation draws.

    Rules and frames are none. What is long or packed in an unusual way counts as such.
    """
    page = pdf.pages[0].obj
    if not said.whole or _stamped(page) or _patterned(page):
        return True
    parts = (said.page, *said.forms)
    return (
        sum(map(tokens.curves, parts)) >= _MOST_CURVES
        or sum(words.count(b"re") for words in parts) >= _MOST_RECTANGLES
        or sum(map(tokens.slopes, parts)) >= _MOST_SLOPES
    )


def _stamped(page: Object) -> bool:
    """Whether an annotation that is no link draws something."""
    notes = page.get(Name.Annots)
    known = list(notes) if isinstance(notes, Array) else []
    return any(isinstance(note, Dictionary) and Name.AP in note for note in known)


def _patterned(page: Object) -> bool:
    """Whether the page has a pattern with pictures or letters: nobody else lists them."""
    resources = page.get(Name.Resources)
    found = resources.get(Name.Pattern) if isinstance(resources, Dictionary) else None
    within = [each for _, each in found.items()] if isinstance(found, Dictionary) else []
    named = (each.get(Name.Resources) for each in within if isinstance(each, Stream))
    kinds = (Name.XObject, Name.Font)
    return any(isinstance(one, Dictionary) and any(k in one for k in kinds) for one in named)


def coloured(pdf: Pdf) -> bool:
    """Whether a page that does nothing but place pictures may show any but greys.

    Where that is dear to find out, it may.
    """
    if _size(pdf) >= _MANY_OBJECTS:
        return True
    return any(_is_picture(thing) and not _is_grey(thing) for thing in pdf.objects)


def _is_grey(picture: Object) -> bool:
    """Whether a picture is a mask or tells of one channel of grey."""
    if bool(picture.get(Name.ImageMask, False)) or picture.get(Name.BitsPerComponent) == 1:
        return True
    space = picture.get(Name.ColorSpace)
    if isinstance(space, Array) and len(space) > 1:
        profile = space[1]
        grey = space[0] == Name.CalGray or space[1] == Name.DeviceGray
        return grey or (isinstance(profile, Stream) and profile.get(Name.N) == 1)
    return bool(space == Name.DeviceGray)


def _is_form(thing: Object) -> bool:
    return isinstance(thing, Stream) and thing.get(Name.Subtype) == Name.Form


def _draws(thing: Object) -> bool:
    """Whether a form or a pattern has a picture within its instructions."""
    if not isinstance(thing, Stream):
        return False
    return (_is_form(thing) or thing.get(Name.PatternType) == _TILING) and _inline(thing)


def _inline(instructions: Stream) -> bool:
    data = decoded(instructions)
    return data is None or (b"BI" in data and _INLINE.search(data) is not None)


def decoded(stream: Stream) -> bytes | None:
    """Return what a stream says; None where that is long or packed in an unusual way."""
    raw = bytes(stream.read_raw_bytes())
    packed = stream.get(Name.Filter)
    if isinstance(packed, Array) and len(packed) == 1:
        packed = packed[0]
    if packed is None:
        return raw if len(raw) <= _MOST_CONTENT else None
    if packed != Name.FlateDecode or Name.DecodeParms in stream:
        return None
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(raw, _MOST_CONTENT)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else data
