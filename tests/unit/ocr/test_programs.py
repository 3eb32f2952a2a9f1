from __future__ import annotations

import signal
import sys
import time

import pytest

from fanfold.errors import DiskFull, OutOfMemory, PageUnreadable
from fanfold.ocr.isolation import programs


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_is_printed_and_complained_of_is_kept_apart():
    done = programs.run(python("import sys; print('said'); print('oh', file=sys.stderr)"))
    assert done == (0, "said\n", "oh\n")
    assert done.value(PageUnreadable) == "said\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("exit(3)", PageUnreadable),
        ("exit('Out of memory')", OutOfMemory),
        ("exit('write error: No space left on device')", DiskFull),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", OutOfMemory),
    ],
)
def test_a_bad_end_is_a_typed_error(code, error):
    with pytest.raises(error):
        programs.run(python(code)).value(PageUnreadable)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_endless_output_is_cut_off_and_its_program_killed(stream):
    done = programs.run(
        python(f"import sys\nwhile True: print('no end', file=sys.{stream})"), most=1000
    )
    assert done.status == -signal.SIGKILL
    assert {len(done.printed), len(done.complaint)} == {0, 1000}
    with pytest.raises(OutOfMemory):
        done.value(PageUnreadable)


def test_as_much_as_is_allowed_is_no_reason_to_kill():
    done = programs.run(python("print('x' * 200_000, end='')"), most=200_000)
    assert (done.status, len(done.printed)) == (0, 200_000)


@pytest.mark.parametrize(
    "code", ["", "import os; os.close(1); os.close(2)"], ids=["silent", "with closed streams"]
)
def test_a_program_that_does_not_end_is_given_up(code):
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        programs.run(python(f"{code}\nimport signal; signal.pause()"), seconds=0.5)
    assert time.monotonic() - began < 10


def test_a_program_sees_the_environment_that_it_is_given(monkeypatch):
    monkeypatch.setenv("HEARD", "ours")
    code = python("import os; print(os.environ.get('HEARD'))")
    assert programs.run(code).printed == "ours\n"
    assert programs.run(code, environment={"HEARD": "theirs"}).printed == "theirs\n"


def test_a_program_that_is_not_there_cannot_be_started(tmp_path):
    with pytest.raises(FileNotFoundError):
        programs.run([programs.poppler(tmp_path, "pdftotext")])


def test_without_a_folder_poppler_is_looked_for_on_the_path():
    assert programs.poppler(None, "pdftotext") == "pdftotext"
