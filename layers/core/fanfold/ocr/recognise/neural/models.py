"""The two models of PP-OCRv6 and what runs them, out of wheels none of whose Python is loaded."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fanfold.model import MEGABYTE
from fanfold.ocr.recognise.neural.onnxruntime import Session, library
from fanfold.ocr.recognise.neural.suffix import HOW_LIKELY, LIKELIEST, likeliest, read_integer

MODELS = "PP-OCRv6 small"
"""What reads, whatever runs it."""

BYTES = 300 * MEGABYTE
"""Memory that both models take with the widest lines; the most that was measured are 252 MB."""

_RUNTIME = "onnxruntime", "capi/libonnxruntime.so*"
_DETECTION = "rapidocr", "models/PP-OCRv6_det_small.onnx"
_RECOGNITION = "rapidocr", "models/PP-OCRv6_rec_small.onnx"

_OUTPUT = "fetch_name_0"
"""What both models call what they say of each place."""

_SIGNS_KEY = b"\x0a\x09character\x12"
"""What stands before the length of the signs in a model: its key among the metadata."""


class Missing(Exception):
    """A wheel is not installed."""


class Models(NamedTuple):
    """Both models, and the signs that the second one knows by number; the first is none."""

    detection: Session
    recognition: Session
    signs: tuple[str, ...]


def installed() -> bool:
    """Return whether both wheels are there; that they can be loaded is not known yet."""
    try:
        return all(map(_place, (_RUNTIME, _DETECTION, _RECOGNITION)))
    except Missing:
        return False


def version() -> str:
    """Return what reads and what runs it, with their versions; raise CannotLoad or Missing."""
    return f"{MODELS}, ONNX Runtime {library(_place(_RUNTIME)).version}"


@cache
def get() -> Models:
    """Return the models, loaded once; raise CannotLoad or Missing."""
    runtime = _place(_RUNTIME)
    detection, recognition = (_place(one).read_bytes() for one in (_DETECTION, _RECOGNITION))
    return Models(
        Session(runtime, detection, [_OUTPUT]),
        Session(runtime, recognition + likeliest(_OUTPUT), [LIKELIEST, HOW_LIKELY]),
        _signs(recognition),
    )


def _place(wanted: tuple[str, str]) -> Path:
    """Return where a wheel's file is; looking for a package does not load it."""
    package, pattern = wanted
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise Missing(package)
    for path in Path(found.origin).parent.glob(pattern):
        return path
    raise Missing(f"{package}/{pattern}")


def _signs(model: bytes) -> tuple[str, ...]:
    """Return what the numbers mean that a model gives: its metadata have a sign in each line."""
    length, start = read_integer(model, model.index(_SIGNS_KEY) + len(_SIGNS_KEY))
    return ("", *model[start : start + length].decode().split("\n"), " ")
