"""Flate data of PDFs, unpacked as far as it goes, and whether that is to its end."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from pikepdf import Array, Name, Stream

_INFLATED_CHUNK = 1 << 20
_UNPACKED_BYTES = 256 * 1024 * 1024
"""Maximum of bytes that are unpacked of one stream; nobody's page has so much."""

_CHECK_BYTES = 4


def filters(stream: Stream) -> list[str]:
    """Return the names of a stream's filters, the outermost first."""
    named = stream.get(Name.Filter)
    return [str(name) for name in (named if isinstance(named, Array) else [named]) if name]


def salvaged(stream: Stream) -> bytes | None:
    """Return what broken Flate data holds before the break; None where it is whole, or no such."""
    if filters(stream) != ["/FlateDecode"]:
        return None
    data, sound = inflated(bytes(stream.read_raw_bytes()))
    return None if sound else data


def inflated(data: bytes) -> tuple[bytes, bool]:
    """Unpack Flate data as far as it goes; say whether that was to its end, check sum included.

    A check sum that is missing altogether is no damage: some programs leave it out.
    """
    parts: list[bytes] = []
    _, sound = _unpacked(data, parts.append)
    return b"".join(parts), sound


def measured(data: bytes) -> tuple[int, bool]:
    """Say how many bytes Flate data unpacks to, and what ``inflated`` says; none is kept.

    A page's picture can be larger than the memory that there is.
    """
    return _unpacked(data, lambda _: None)


def _unpacked(data: bytes, keep: Callable[[bytes], None]) -> tuple[int, bool]:
    unpacker, left = zlib.decompressobj(-zlib.MAX_WBITS), memoryview(data)[2:]
    check, length = zlib.adler32(b""), 0
    while left and not unpacker.eof and length < _UNPACKED_BYTES:
        try:
            part = unpacker.decompress(left[:_INFLATED_CHUNK], _INFLATED_CHUNK)
        except zlib.error:
            return length, False
        keep(part)
        length, check = length + len(part), zlib.adler32(part, check)
        used = min(len(left), _INFLATED_CHUNK) - len(unpacker.unconsumed_tail)
        left = left[used:]
    told = bytes(unpacker.unused_data[:_CHECK_BYTES])
    told = (told + bytes(left))[:_CHECK_BYTES]
    summed = len(told) < _CHECK_BYTES or int.from_bytes(told, "big") == check
    return length, not data or length >= _UNPACKED_BYTES or (unpacker.eof and summed)
