"""What it means when a program dies: from exit status and last words to a typed error."""

from __future__ import annotations

import signal

from fanfold.errors import DiskFull, FanfoldError, OutOfMemory, PageTimeout

_OUT_OF_MEMORY = (
    "out of memory",  # poppler, qpdf
    "bad_alloc",  # tesseract
    "cannot allocate",  # bash, and whatever repeats the system's "Cannot allocate memory"
    "out of space",  # dash
    "memory exhausted",  # GNU's programs
    "not enough memory",  # openjpeg
    "insufficient memory",  # libjpeg, libpng
    "failed to map segment",  # the dynamic loader
    "memoryerror",
    "pix_malloc fail",  # leptonica
    "calloc fail",
    "malloc fail",
    "bogus memory allocation size",  # poppler, for sizes that overflow
)
_DISK_FULL = ("no space left", "file too large", "quota exceeded")
_BY_SIGNAL: dict[int, type[FanfoldError]] = {
    signal.SIGKILL: OutOfMemory,  # nobody but the kernel's memory killer sends it
    signal.SIGXCPU: PageTimeout,
    signal.SIGXFSZ: DiskFull,
}


def of_program(status: int, words: str, crash: type[FanfoldError]) -> FanfoldError:
    """Return the error for a program's end.

    ``status`` is negative for a signal, as in ``subprocess``; a shell that stands before the
    program says 128 + signal instead. ``words`` is what it wrote last. ``crash`` is meant where
    nothing points to time, memory or disk.
    """
    number = -status if status < 0 else status - 128
    if number in _BY_SIGNAL:
        return _BY_SIGNAL[number]()
    said = words.lower()
    if any(sign in said for sign in _OUT_OF_MEMORY):
        return OutOfMemory()
    if any(sign in said for sign in _DISK_FULL):
        return DiskFull()
    return crash()
