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
