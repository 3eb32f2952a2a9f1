"""Whether JPEG data is whole, by libjpeg itself: it reads to the end, and is heard.

poppler stops at the last row, so what a changed byte leaves over goes unnoticed, and a drawing for
the sake of its complaints costs ten times as much. Pillow has libjpeg but silences it. What it is
linked with can be called through its module. libjpeg's own way with fatal errors is to complain
and exit: so it works in a fork, which ends without what other libraries do at an exit. ONNX Runtime
waits for its threads there, of which a fork has none. Runs in the child.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable
from ctypes import c_double, c_int, c_uint, c_ulong, c_void_p
from functools import cache, partial

from PIL import _imaging, features

from fanfold.ocr.isolation import fork

_ABI = 62
"""The version of libjpeg's structures that is known here; every wheel of Pillow has it."""

_COARSEST = 8
"""How many pixels of the picture become one, so that next to nothing but decoding is done."""

_Handler = ctypes.CFUNCTYPE(None, c_void_p)
"""What libjpeg calls: error_exit, emit_message and output_message begin its table of handlers."""

_JPEG_END, _FILL_BYTES = b"\xff\xd9", b"\0"
_STUFFED = b"\xff"
"""Behind this byte of picture data stands a zero that belongs to it (ITU T.81, B.1.1.5)."""

_MINIMUM_FILL = 16
"""Minimum of zeros before the end that are padding: one file in 256 has one that is data."""

_NO_MEMORY = "Insufficient memory"
_SCRATCH = 4096
"""Bytes for libjpeg's structures, which have some 700."""


class _Decompress(ctypes.Structure):
    """The beginning of libjpeg's jpeg_decompress_struct."""

    _fields_ = (
        *((name, c_void_p) for name in ("err", "mem", "progress", "client_data")),
        *((name, c_int) for name in ("is_decompressor", "global_state")),
        ("src", c_void_p),
        *((name, c_uint) for name in ("image_width", "image_height")),
        *((name, c_int) for name in ("num_components", "jpeg_color_space", "out_color_space")),
        *((name, c_uint) for name in ("scale_num", "scale_denom")),
        ("output_gamma", c_double),
        ("choices", c_int * 12),
        *((name, c_uint) for name in ("output_width", "output_height")),
        *((name, c_int) for name in ("out_color_components", "output_components")),
        *((name, c_int) for name in ("rec_outbuf_height", "actual_number_of_colors")),
        ("colormap", c_void_p),
        ("output_scanline", c_uint),
    )


_ERROR_STRUCT_BYTES = 632
"""Length of the whole structure; libjpeg refuses to begin with any other."""


def complaints(pictures: Iterable[bytes]) -> str:
    """Return what libjpeg complains of in JPEGs; nothing where it cannot be asked.

    ``pictures`` are taken in the fork: what only it unpacks costs this process no memory.
    """
    library = _library()
    if library is None:
        return ""
    end = fork.run(partial(_decode, library, pictures))
    if end.status and _NO_MEMORY not in end.words:
        return f"Corrupt JPEG data: {end.words}"
    return end.words


@cache
def _library() -> ctypes.CDLL | None:
    if features.version_codec("jpg") != f"{_ABI / 10}":
        return None
    library = ctypes.CDLL(_imaging.__file__)
    library.jpeg_std_error.restype = c_void_p
    return library


def _decode(library: ctypes.CDLL, pictures: Iterable[bytes]) -> None:
    for data in pictures:
        _read(library, _unpadded(data))


def _unpadded(data: bytes) -> bytes:
    """Return a JPEG without the zeros before its end with which some cameras fill a file."""
    place = data.rfind(_JPEG_END)
    kept = data[: max(0, place)].rstrip(_FILL_BYTES)
    if place - len(kept) < _MINIMUM_FILL:
        return data
    return kept + (_FILL_BYTES if kept.endswith(_STUFFED) else b"") + _JPEG_END


def _read(library: ctypes.CDLL, data: bytes) -> None:
    """Read a JPEG to its end; at its first warning libjpeg prints, at an error the process ends."""
    room, errors = ctypes.create_string_buffer(_SCRATCH), ctypes.create_string_buffer(_SCRATCH)
    told = _Decompress.from_buffer(room)
    told.err = library.jpeg_std_error(errors)
    handlers = (c_void_p * 3).from_buffer(errors)
    end = _Handler(partial(_end, _Handler(handlers[2] or 0)))
    handlers[0] = ctypes.cast(end, c_void_p).value
    library.jpeg_CreateDecompress(room, _ABI, ctypes.c_size_t(_ERROR_STRUCT_BYTES))
    library.jpeg_mem_src(room, data, c_ulong(len(data)))
    library.jpeg_read_header(room, 1)
    told.scale_num, told.scale_denom = 1, _COARSEST
    library.jpeg_start_decompress(room)
    row = ctypes.create_string_buffer(max(1, told.output_width * told.output_components))
    rows = (c_void_p * 1)(ctypes.addressof(row))
    while told.output_scanline < told.output_height:
        library.jpeg_read_scanlines(room, rows, 1)
    library.jpeg_finish_decompress(room)
    library.jpeg_destroy(room)


def _end(complain: Callable[[int], None], info: int) -> None:
    complain(info)
    os._exit(1)
