"""libtesseract in this process, by its C API.

tesserocr's wheel carries a libtesseract for every C library from glibc 2.28 on, Lambda's included.
The C API beneath its Python classes is stable, and is what a libtesseract of our own or the
system's has, too.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Mapping
from ctypes import c_char_p, c_int, c_void_p
from functools import cache
from pathlib import Path

from fanfold.settings import WHEEL

_PROTOTYPES: dict[str, tuple[type | None, tuple[type, ...]]] = {
    "TessBaseAPICreate": (c_void_p, ()),
    "TessBaseAPIDelete": (None, (c_void_p,)),
    "TessBaseAPIInit3": (c_int, (c_void_p, c_char_p, c_char_p)),
    "TessBaseAPISetVariable": (c_int, (c_void_p, c_char_p, c_char_p)),
    "TessBaseAPISetPageSegMode": (None, (c_void_p, c_int)),
    "TessBaseAPISetImage": (None, (c_void_p, c_char_p, c_int, c_int, c_int, c_int)),
    "TessBaseAPIRecognize": (c_int, (c_void_p, c_void_p)),
    "TessBaseAPIGetTsvText": (c_void_p, (c_void_p, c_int)),
    "TessDeleteText": (None, (c_void_p,)),
    "TessVersion": (c_char_p, ()),
}
"""Result and arguments of the functions in tesseract/capi.h that are used here."""

_BYTES_PER_PIXEL = 1


class CannotLoad(Exception):
    """There is no such library here, or no data for a language."""


class CannotRead(Exception):
    """The library gave up on a picture."""


@cache
def library(name: str) -> ctypes.CDLL:
    """Load libtesseract from a path, or WHEEL's; raise CannotLoad."""
    try:
        found = ctypes.CDLL(_extension() if name == WHEEL else name)
        for function, (result, arguments) in _PROTOTYPES.items():
            entry = getattr(found, function)
            entry.restype, entry.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise CannotLoad(name) from error
    return found


def _extension() -> str:
    """Return the path of the wheel's module: what it is linked with can be called through it."""
    package = importlib.util.find_spec(WHEEL)
    where = Path(str(package.origin)).parent if package else Path()
    return str(next(where.glob(f"{WHEEL}.*.so"), "no tesserocr"))


class Model:
    """Languages that are loaded and ready to read; ``folder`` holds their data.

    Whoever reads more than one picture does so in forks: then each begins with the same model.
    """

    def __init__(self, name: str, folder: Path, languages: str) -> None:
        """Load the data; raise CannotLoad."""
        self._library = library(name)
        self._handle = self._library.TessBaseAPICreate()
        if self._library.TessBaseAPIInit3(self._handle, str(folder).encode(), languages.encode()):
            self.close()
            raise CannotLoad(languages)

    def close(self) -> None:
        """Give the memory back."""
        self._library.TessBaseAPIDelete(self._handle)

    def read(
        self, pixels: bytes, size: tuple[int, int], segmentation: int, variables: Mapping[str, str]
    ) -> str:
        """Read a grey picture; return tesseract's table of its words.

        ``size`` is its width and height, ``segmentation`` tesseract's page segmentation mode.
        Raises CannotRead.
        """
        api, handle = self._library, self._handle
        for name, value in variables.items():
            if not api.TessBaseAPISetVariable(handle, name.encode(), value.encode()):
                raise CannotRead(f"there is no variable {name}")
        api.TessBaseAPISetPageSegMode(handle, segmentation)
        width, height = size
        stride = width * _BYTES_PER_PIXEL
        api.TessBaseAPISetImage(handle, pixels, width, height, _BYTES_PER_PIXEL, stride)
        if api.TessBaseAPIRecognize(handle, None):
            raise CannotRead("recognition failed")
        return self._table()

    def _table(self) -> str:
        text = self._library.TessBaseAPIGetTsvText(self._handle, 0)
        if not text:
            raise CannotRead("there is no table of the words")
        try:
            return ctypes.string_at(text).decode("utf-8", "replace")
        finally:
            self._library.TessDeleteText(text)
