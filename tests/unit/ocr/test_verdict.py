import signal

import pytest

from fanfold.errors import DiskFull, OutOfMemory, PageTimeout, RenderFailed
from fanfold.ocr.isolation.verdict import of_program


@pytest.mark.parametrize(
    ("status", "words", "error"),
    [
        (-signal.SIGKILL, "", OutOfMemory),
        (128 + signal.SIGKILL, "", OutOfMemory),
        (-signal.SIGXCPU, "", PageTimeout),
        (-signal.SIGXFSZ, "", DiskFull),
        (1, "Syntax Error: ...\nOut of memory\n", OutOfMemory),
        (
            -signal.SIGABRT,
            "terminate called after throwing an instance of 'std::bad_alloc'",
            OutOfMemory,
        ),
        (1, "Error in pixCreateNoInit: pix_malloc fail for data", OutOfMemory),
        (1, "write error: No space left on device", DiskFull),
        (-signal.SIGSEGV, "", RenderFailed),
        (1, "Syntax Error: Couldn't read xref table", RenderFailed),
        (99, "", RenderFailed),
    ],
)
def test_what_a_program_died_of(status, words, error):
    assert type(of_program(status, words, RenderFailed)) is error


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (1, "Out of memory"),  # pdftoppm, perl
        (134, "  what():  std::bad_alloc"),  # tesseract
        (1, "Error in pixCreateNoInit: pixdata_malloc fail for data"),  # leptonica
        (2, "/bin/bash: xrealloc: cannot allocate 67108992 bytes"),
        (2, "bash: xmalloc: cannot allocate 33554433 bytes"),
        (254, "bash: fork: Cannot allocate memory"),
        (2, "tesseract: 2: Out of space"),  # dash
        (2, "mawk: run time error: out of memory"),
        (2, "sort: memory exhausted"),
        (1, "Not enough memory to decode tile 1/1"),  # openjpeg
        (1, "Insufficient memory (case 4)"),  # libjpeg
        (1, "MemoryError"),  # Python
        (
            127,
            "tesseract: error while loading shared libraries: libicudata.so.72:"
            " failed to map segment from shared object",
        ),
        (
            127,
            "pdftoppm: error while loading shared libraries: libnss3.so:"
            " cannot create shared object descriptor: Cannot allocate memory",
        ),
    ],
)
def test_a_program_that_says_it_has_no_memory_is_believed(status, words):
    assert type(of_program(status, f"Page 1\n{words}\n", RenderFailed)) is OutOfMemory


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (127, "sh: 1: tesseract: not found"),
        (
            127,
            "tesseract: error while loading shared libraries: liblept.so.5:"
            " cannot open shared object file: No such file or directory",
        ),
        (126, "sh: 1: ./tesseract: Permission denied"),
        (1, "Failed loading language 'deu'\nTesseract couldn't load any languages!"),
    ],
)
def test_a_program_that_cannot_run_has_not_run_out_of_memory(status, words):
    assert type(of_program(status, words, RenderFailed)) is RenderFailed
