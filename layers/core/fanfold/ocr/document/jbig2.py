"""Whether JBIG2 data, as PDFs have it, can be whole: its segments, one by one."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

_LONG_PAGE, _TYPE_BITS = 0x40, 0x3F
_MANY_REFERRED = 7
"""Stands for a number of segments referred to that is written out behind it."""

_UNTOLD = 0xFFFFFFFF
"""Stands for a length that nobody knew."""

_FLAGS = {
    0: 1,
    16: 0,
    **dict.fromkeys((4, 6, 7), 18),
    **dict.fromkeys((20, 22, 23, 36, 38, 39), 17),
}
"""Where segments that may be coded otherwise say so, by bit 0 of a byte; by their kinds."""

_REFINED = (40, 42, 43)
"""Kinds that are always coded arithmetically."""

_UNCODED = (48, 49, 50, 51, 52, 53, 62)
"""Kinds that are not coded."""

_LETTER_KINDS, _HALFTONE_KINDS = (0, 4, 6, 7), (16, 20, 22, 23)
"""Kinds that draw many things from one: letters, and dots of grey."""

_TIMES_FAX, _TIMES_FAX_OF_SYMBOLS = 6, 20
"""Maximum of how many times as long as this data fax data of the same picture is: scans of print
have 1.3 to 2.5; where a few bytes were changed and words lost, 9 and more."""

_PARAMETERS = 40
"""Bytes at the beginning of a segment that may be parameters, not coded."""

_HOLE = bytes(64)
_UNWRITABLE = re.compile(rb"\xff[\x90-\xff]")
"""What the coder never writes, but for the marker at its end."""

_CODED_END = b"\xff\xac"


class _Segment(NamedTuple):
    kind: int
    data: bytes
    whole: bool


def sound(data: bytes) -> bool:
    """Whether all segments are as long as they say and none has what no coder writes."""
    try:
        segments = list(_segments(data))
    except struct.error:
        return False
    return bool(segments) and _HOLE not in data and all(map(_sound, segments))


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yield segments; raise struct.error where one is cut off in its header."""
    place = 0
    while place < len(data):
        number, flags, referred = struct.unpack_from(">IBB", data, place)
        place += 6
        count = referred >> 5
        if count == _MANY_REFERRED:
            (count,) = struct.unpack_from(">I", data, place - 1)
            count &= 0x1FFFFFFF
            place += 3 + (count + 8) // 8
        place += count * (1 if number <= 256 else 2 if number <= 65536 else 4)  # noqa: PLR2004
        place += 4 if flags & _LONG_PAGE else 1
        (length,) = struct.unpack_from(">I", data, place)
        place += 4
        if length == _UNTOLD:
            length = len(data) - place
        yield _Segment(
            flags & _TYPE_BITS, data[place : place + length], place + length <= len(data)
        )
        place += length


def _sound(segment: _Segment) -> bool:
    known = segment.kind in (*_FLAGS, *_REFINED, *_UNCODED)
    if not (known and segment.whole and _arithmetic(segment)):
        return known and segment.whole
    return _UNWRITABLE.search(segment.data.removesuffix(_CODED_END), _PARAMETERS) is None


def _arithmetic(segment: _Segment) -> bool:
    if segment.kind in _REFINED:
        return True
    place = _FLAGS.get(segment.kind)
    return place is not None and not any(byte & 1 for byte in segment.data[place : place + 1])


def most_as_fax(data: bytes, shared: bytes = b"") -> int:
    """Return the maximum of bytes that what this data draws has as fax data; 0 if that is unknown.

    ``shared`` holds the segments that a document's pages have in common. Data of which a byte was
    changed draws noise from there on, which takes many times as much in any other coding.
    """
    try:
        kinds = {segment.kind for segment in (*_segments(shared), *_segments(data))}
    except struct.error:
        return 0
    if kinds.intersection(_HALFTONE_KINDS):
        return 0
    times = _TIMES_FAX_OF_SYMBOLS if kinds.intersection(_LETTER_KINDS) else _TIMES_FAX
    return times * (len(data) + len(shared))
