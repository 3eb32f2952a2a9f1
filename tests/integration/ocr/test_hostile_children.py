"""What a document can do to the programs that read it, played by stand-ins for tesseract."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fanfold.errors import (
    DiskFull,
    OutOfMemory,
    PageTimeout,
    PageUnreadable,
    RecognitionFailed,
    UnsupportedType,
)
from fanfold.model import Mode
from fanfold.ocr.isolation import places
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Job, Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import ReadRequest
from fanfold.settings import Engine
from tests.data import pdfs, prose
from tests.integration.ocr.conftest import gone, number_in, wait_until

ALLOCATE = f"exec {sys.executable} -c 'bytearray(10**9)'"


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,))))
    return path


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("kill -SEGV $$", RecognitionFailed),
        ("kill -ABRT $$", RecognitionFailed),
        ("exit 1", RecognitionFailed),
        ("exit 0", RecognitionFailed),
        ("yes | head -c 1000000; exit 3", RecognitionFailed),
        ("printf '\\377\\376 not utf-8' >&2; exit 3", RecognitionFailed),
        ("echo \"terminate called after throwing 'std::bad_alloc'\" >&2; exit 134", OutOfMemory),
        ("kill -KILL $$", OutOfMemory),
        (ALLOCATE, OutOfMemory),
        ("exec truncate -s 400M $2.tsv", DiskFull),
        ("echo 'No space left on device' >&2; exit 1", DiskFull),
    ],
)
def test_a_recogniser_that_dies_is_a_typed_error(read, page, stand_in, body, error):
    with pytest.raises(error) as caught:
        read(page, Mode.OCR, tesseract=stand_in(body))
    assert type(caught.value) is error


def test_the_next_page_is_read_after_a_crash(read, page, stand_in):
    with pytest.raises(RecognitionFailed):
        read(page, Mode.OCR, tesseract=stand_in("kill -SEGV $$"))
    assert "reading room" in read(page).page.blocks[0].lines[0].text


def test_a_hanging_recogniser_is_killed_in_time_with_all_it_started(
    sandbox, page, stand_in, tmp_path
):
    script = stand_in(f"sleep 600 & echo $! > '{tmp_path}/grandchild'; wait")
    begun = time.monotonic()
    with pytest.raises(PageTimeout):
        _read(sandbox, page, tmp_path, Engine(tesseract=script, seconds=2.0))
    assert time.monotonic() - begun < 6
    grandchild = number_in(tmp_path / "grandchild")
    assert wait_until(lambda: gone(grandchild))


def test_a_recogniser_that_is_not_installed_is_a_typed_error(read, page):
    with pytest.raises(RecognitionFailed, match="not installed"):
        read(page, Mode.OCR, tesseract="/nowhere/tesseract")


def test_the_child_sees_no_credentials_and_works_in_an_empty_folder_that_goes_away(
    tmp_path, page, stand_in, monkeypatch
):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("FANFOLD_TABLE", "canary")
    seen = tmp_path / "seen"
    script = stand_in(f"env > '{seen}'; (pwd; ls -A) > '{tmp_path}/where'; exit 1")
    sandbox = Sandbox(Engine(), tmp_path / "sandbox")
    with pytest.raises(RecognitionFailed):
        _read(sandbox, page, tmp_path, Engine(tesseract=script))
    sandbox.close()
    environment = dict(line.split("=", 1) for line in seen.read_text().splitlines() if "=" in line)
    assert "canary" not in environment.values()
    assert not [name for name in environment if name.startswith(("AWS_", "FANFOLD_"))]
    assert environment["OMP_THREAD_LIMIT"] == "1"
    where, *files = (tmp_path / "where").read_text().splitlines()
    assert {Path(file).suffix for file in files} == {".log", ""}  # and a folder for the program
    assert len(files) == 2
    assert environment["TMPDIR"] == where
    assert not Path(where).exists()


def test_only_functions_on_the_list_are_run(sandbox, tmp_path):
    for function in ("os:system", "fanfold.ocr.page:Task", "fanfold.ocr.isolation.zygote:serve"):
        with pytest.raises(PageUnreadable):
            sandbox.run(Job(function, {}, 5.0, crash=PageUnreadable))
    (tmp_path / "text").write_text("text")
    arguments = {"source": str(tmp_path / "text"), "image_pixels": 1}
    with pytest.raises(UnsupportedType):  # and the sandbox lives on
        sandbox.run(
            Job(
                "fanfold.ocr.document.probe:probe",
                arguments,
                5.0,
                crash=PageUnreadable,
                reads=(*places.of_engine(Engine()), tmp_path / "text"),
            )
        )


def test_a_zygote_that_died_between_pages_is_started_again(tmp_path, page):
    sandbox = Sandbox(Engine(), tmp_path / "sandbox")
    sandbox.start("fanfold.ocr.page")
    os.kill(_zygote(sandbox), signal.SIGKILL)
    assert wait_until(lambda: gone(_zygote(sandbox)))
    assert _read(sandbox, page, tmp_path, Engine()).page.words
    sandbox.close()


def test_a_zygote_that_dies_in_the_middle_of_a_page_takes_the_child_along(tmp_path, page, stand_in):
    engine = Engine(tesseract=stand_in(f"echo $$ > '{tmp_path}/child'; exec sleep 600"))
    sandbox = Sandbox(engine, tmp_path / "sandbox")
    sandbox.start()
    with ThreadPoolExecutor() as threads, pytest.raises(OutOfMemory):
        reading = threads.submit(_read, sandbox, page, tmp_path, engine)
        child = number_in(tmp_path / "child")
        os.kill(_zygote(sandbox), signal.SIGKILL)  # as the kernel's memory killer does
        reading.result()
    assert wait_until(lambda: gone(child))
    sandbox.close()


def test_a_handler_that_is_killed_leaves_no_orphans(tmp_path, page, stand_in):
    script = stand_in(f"echo $$ > '{tmp_path}/child'; exec sleep 600")
    handler = subprocess.Popen(
        [sys.executable, "-c", _HANDLER, script, str(page), str(tmp_path)],
        stdout=subprocess.PIPE,
    )
    assert handler.stdout is not None
    zygote = int(handler.stdout.readline())
    child = number_in(tmp_path / "child")
    handler.kill()
    handler.wait()
    handler.stdout.close()
    assert wait_until(lambda: gone(child) and gone(zygote))


_HANDLER = """
import sys
from pathlib import Path
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.settings import Engine
from tests.integration.ocr.test_hostile_children import _read, _zygote

script, page, folder = sys.argv[1:]
engine = Engine(tesseract=script)
sandbox = Sandbox(engine, Path(folder) / "sandbox")
sandbox.start()
print(_zygote(sandbox), flush=True)
_read(sandbox, Path(page), Path(folder), engine)
"""


def _read(sandbox, page, folder, engine):
    return SandboxedReader(sandbox, engine, Tessdata(engine, folder / "packs")).read(
        page, ReadRequest(1, "eng", Mode.OCR), folder
    )


def _zygote(sandbox):
    return sandbox._zygote.pid
