"""ONNX Runtime in this process, by its C API.

What it takes and gives are bytes of numbers: neither NumPy nor the wheel's own Python modules are
loaded, which together are more than the runtime. Functions are called by their place in ``OrtApi``,
a table that only ever grows at its end.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_uint32, c_void_p
from functools import cache
from pathlib import Path
from typing import NamedTuple

_API_VERSION = 16
"""The version of the table that is asked for; every later runtime has it, too."""

_API_FUNCTIONS: dict[str, tuple[int, tuple[type, ...]]] = {
    "GetErrorMessage": (2, (c_void_p,)),
    "CreateEnv": (3, (c_int, c_char_p, c_void_p)),
    "CreateSessionFromArray": (8, (c_void_p, c_char_p, c_size_t, c_void_p, c_void_p)),
    "Run": (
        9,
        (*(c_void_p,) * 4, c_size_t, c_void_p, c_size_t, c_void_p),
    ),
    "CreateSessionOptions": (10, (c_void_p,)),
    "DisableMemPattern": (17, (c_void_p,)),
    "DisableCpuMemArena": (19, (c_void_p,)),
    "SetIntraOpNumThreads": (24, (c_void_p, c_int)),
    "CreateTensorWithDataAsOrtValue": (
        49,
        (c_void_p, c_void_p, c_size_t, c_void_p, c_size_t, c_int, c_void_p),
    ),
    "GetTensorMutableData": (51, (c_void_p, c_void_p)),
    "GetTensorElementType": (60, (c_void_p, c_void_p)),
    "GetDimensionsCount": (61, (c_void_p, c_void_p)),
    "GetDimensions": (62, (c_void_p, c_void_p, c_size_t)),
    "GetTensorTypeAndShape": (65, (c_void_p, c_void_p)),
    "CreateCpuMemoryInfo": (69, (c_int, c_int, c_void_p)),
    "ReleaseStatus": (93, (c_void_p,)),
    "ReleaseSession": (95, (c_void_p,)),
    "ReleaseValue": (96, (c_void_p,)),
    "ReleaseTensorTypeAndShapeInfo": (99, (c_void_p,)),
    "ReleaseSessionOptions": (100, (c_void_p,)),
}
"""Place in the table and arguments of the functions that are used here."""

_NOTHING_RETURNED = {
    "ReleaseStatus",
    "ReleaseSession",
    "ReleaseValue",
    "ReleaseTensorTypeAndShapeInfo",
    "ReleaseSessionOptions",
}
_ERRORS_ONLY = 3
"""The least that a runtime logs: from errors on."""

_DEVICE, _DEFAULT = 0, 0
"""Kinds of allocator and of memory: the device's, as usual."""

FLOAT, DOUBLE_INTEGER = 1, 7
"""Types of numbers: of 32 bits with a point, and of 64 bits without."""

_ELEMENT_BYTES = {FLOAT: 4, DOUBLE_INTEGER: 8}
"""Bytes of a number by its type."""


class CannotLoad(Exception):
    """There is no such library here, or it does not take a model."""


class CannotRun(Exception):
    """The runtime gave up on an input."""


class Numbers(NamedTuple):
    """A result: its numbers as they lie in memory, and its dimensions."""

    data: bytes
    shape: tuple[int, ...]


class _Base(ctypes.Structure):
    _fields_ = (
        ("api", ctypes.CFUNCTYPE(c_void_p, c_uint32)),
        ("version", ctypes.CFUNCTYPE(c_char_p)),
    )


class _Library:
    """The functions of a runtime, and what all of its sessions share."""

    def __init__(self, path: Path) -> None:
        try:
            entry = ctypes.CDLL(str(path)).OrtGetApiBase
        except (OSError, AttributeError) as error:
            raise CannotLoad(path.name) from error
        entry.restype = POINTER(_Base)
        base = entry().contents
        table = base.api(_API_VERSION)
        if not table:
            raise CannotLoad(path.name)
        self.version = base.version().decode()
        self._table = ctypes.cast(table, POINTER(c_void_p))
        self.environment = self.made("CreateEnv", _ERRORS_ONLY, b"")
        self.memory = self.made("CreateCpuMemoryInfo", _DEVICE, _DEFAULT)

    def call(self, name: str, *arguments: object) -> None:
        """Call a function; raise CannotRun with what it complains of."""
        place, types = _API_FUNCTIONS[name]
        result = None if name in _NOTHING_RETURNED else c_void_p
        status = ctypes.CFUNCTYPE(result, *types)(self._table[place] or 0)(*arguments)
        if status:
            message = ctypes.CFUNCTYPE(c_char_p, c_void_p)(self._table[2] or 0)(status)
            self.call("ReleaseStatus", status)
            raise CannotRun(message.decode("utf-8", "replace"))

    def made(self, name: str, *arguments: object) -> c_void_p:
        """Call a function that makes something; return that."""
        made = c_void_p()
        self.call(name, *arguments, byref(made))
        return made


@cache
def library(path: Path) -> _Library:
    """Load the runtime; raise CannotLoad."""
    return _Library(path)


class Session:
    """A model that is loaded and ready to run, in one thread and without memory held back."""

    def __init__(self, runtime: Path, model: bytes, outputs: Sequence[str]) -> None:
        """Load a model whose only input is ``x``; raise CannotLoad."""
        self._library = library(runtime)
        self._outputs = (c_char_p * len(outputs))(*(name.encode() for name in outputs))
        options = self._library.made("CreateSessionOptions")
        try:
            self._library.call("DisableMemPattern", options)
            self._library.call("DisableCpuMemArena", options)
            self._library.call("SetIntraOpNumThreads", options, 1)
            self._session = self._library.made(
                "CreateSessionFromArray", self._library.environment, model, len(model), options
            )
        except CannotRun as error:
            raise CannotLoad(str(error)) from error
        finally:
            self._library.call("ReleaseSessionOptions", options)

    def close(self) -> None:
        """Give the memory back."""
        self._library.call("ReleaseSession", self._session)

    def run(self, data: bytes, shape: Sequence[int]) -> list[Numbers]:
        """Run the model on floats of that shape; return its outputs. Raises CannotRun."""
        dimensions = (c_int64 * len(shape))(*shape)
        given = self._library.made(
            "CreateTensorWithDataAsOrtValue",
            self._library.memory,
            c_char_p(data),
            len(data),
            dimensions,
            len(shape),
            FLOAT,
        )
        inputs, names = (c_void_p * 1)(given), (c_char_p * 1)(b"x")
        results = (c_void_p * len(self._outputs))()
        try:
            count = len(self._outputs)
            run = (self._session, None, names, inputs, 1, self._outputs, count, results)
            self._library.call("Run", *run)
            return [self._numbers(c_void_p(value)) for value in results]
        finally:
            for value in (given, *map(c_void_p, results)):
                self._library.call("ReleaseValue", value)

    def _numbers(self, value: c_void_p) -> Numbers:
        call, made = self._library.call, self._library.made
        info = made("GetTensorTypeAndShape", value)
        try:
            kind, count = c_int(), c_size_t()
            call("GetTensorElementType", info, byref(kind))
            call("GetDimensionsCount", info, byref(count))
            shape = (c_int64 * count.value)()
            call("GetDimensions", info, shape, count)
        finally:
            call("ReleaseTensorTypeAndShapeInfo", info)
        size = _ELEMENT_BYTES[kind.value]
        for side in shape:
            size *= side
        return Numbers(ctypes.string_at(made("GetTensorMutableData", value), size), tuple(shape))
