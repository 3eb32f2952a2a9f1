"""A program taken over by a document: what it does ends with its page, and the next one is safe.

Stand-ins for pdftoppm and tesseract misbehave; the next tenant's page comes to the same warm
worker.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fanfold.errors import OutOfMemory, PageTimeout, RecognitionFailed, RenderFailed
from fanfold.model import Mode
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import ReadRequest
from fanfold.settings import Engine
from tests.data import pdfs, prose
from tests.integration.ocr.conftest import gone, wait_until

SECONDS = 1.0
SMALL = (0, 0, 595, 160)
"""A page with room for the notice, in points: it is read in a moment."""
CRASHES = {"pdftoppm": RenderFailed, "tesseract": RecognitionFailed}
STUBBORN = (
    "trap '' TERM INT HUP; exec >/dev/null 2>&1;"
    ' echo $BASHPID >> "{out}/{name}"; while :; do sleep 600; done'
)
POPPLER = ("pdftotext", "pdfimages", "pdfinfo", "pdftoppm")


@pytest.fixture
def out(tmp_path) -> Path:
    """The place of results, where a child may write: no part of what a worker cleans."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,), SMALL)))
    return path


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """The one worker that all of them are let loose on."""
    sandbox = Sandbox(Engine(), tmp_path_factory.mktemp("work"))
    yield sandbox
    sandbox.close()


@pytest.fixture
def worker(tmp_path, page, warm, out):
    """Read a page in the warm worker with programs of a folder, the others being real."""

    def read(tesseract="tesseract", poppler=None, seconds=55.0):
        engine = Engine(tesseract=tesseract, poppler=poppler, seconds=seconds)
        reader = SandboxedReader(warm, engine, Tessdata(engine, tmp_path / "packs"))
        return reader.read(page, ReadRequest(1, "eng", Mode.OCR), out)

    return read


@pytest.fixture
def taken_over(tmp_path, worker):
    """Read a page while ``program`` does what ``body`` says."""

    def read(program, body, seconds=55.0):
        folder = tmp_path / "programs"
        folder.mkdir(exist_ok=True)
        for name in POPPLER:
            (folder / name).write_text(f'#!/bin/sh\nexec /usr/bin/env {name} "$@"\n')
        (folder / program).write_text(f"#!/bin/bash\n{body}\n")
        for path in folder.iterdir():
            path.chmod(0o755)
        chosen = folder / "tesseract"
        return worker(str(chosen) if chosen.exists() else "tesseract", folder, seconds)

    return read


def reads_right(reading) -> bool:
    return "reading room" in reading.page.blocks[0].lines[0].text


@pytest.mark.parametrize("program", CRASHES)
def test_odd_exit_codes_are_typed(taken_over, program):
    for status in (1, 99, 126, 127, 255):
        with pytest.raises(CRASHES[program]):
            taken_over(program, f"exit {status}")


@pytest.mark.parametrize(
    ("program", "body"),
    [
        ("pdftoppm", "trap '' TERM INT HUP; while :; do sleep 600; done"),
        ("pdftoppm", "exec yes"),
        ("tesseract", "exec yes >&2"),
    ],
    ids=["deaf to signals", "endless output", "endless complaints"],
)
def test_what_never_ends_ends_in_time_and_memory(taken_over, worker, program, body):
    begun = time.monotonic()
    with pytest.raises((PageTimeout, OutOfMemory)):
        taken_over(program, body, SECONDS)
    assert time.monotonic() - begun < SECONDS + 6
    assert reads_right(worker())


@pytest.mark.parametrize("program", CRASHES)
def test_what_eats_memory_is_out_of_memory_long_before_its_time(taken_over, worker, program):
    with pytest.raises(OutOfMemory):
        taken_over(program, "x=x; while :; do x=$x$x; done")
    assert reads_right(worker())


@pytest.mark.parametrize("program", CRASHES)
def test_nothing_that_it_starts_outlives_its_page(taken_over, worker, program, out):
    bodies = {name: STUBBORN.format(out=out, name=name) for name in ("group", "session", "daemon")}
    with pytest.raises(CRASHES[program]):
        taken_over(
            program,
            f"bash -c '{_quoted(bodies['group'])}' &\n"
            f"setsid bash -c '{_quoted(bodies['session'])}' &\n"
            f"(setsid bash -c '({_quoted(bodies['daemon'])}) & exit' &)\n"
            f"cd '{out}'; until [ -s group -a -s session -a -s daemon ]; do :; done\nexit 1",
        )
    # The program may be run again, and be killed before what it then starts has said its number.
    left = [int(number) for name in bodies for number in (out / name).read_text().split()]
    assert len(left) >= len(bodies)
    assert wait_until(lambda: all(map(gone, left)))
    assert reads_right(worker())


def test_the_next_tenant_finds_nothing_of_it(taken_over, worker, out, tmp_path):
    with pytest.raises(RecognitionFailed):
        taken_over(
            "tesseract",
            "export CANARY=canary; env > canary; echo canary > ../canary; mkdir -p ../deep/canary\n"
            f"ln -s '{out}' ../link; mkfifo ../pipe; chmod 000 canary; exit 1",
        )
    look = tmp_path / "look"
    look.write_text(f'#!/bin/sh\n(env; find . .. -print) > "{out}/seen"\nexec tesseract "$@"\n')
    look.chmod(0o755)
    assert reads_right(worker(str(look)))
    seen = (out / "seen").read_text()
    assert "PATH=" in seen
    assert "words.pgm" in seen
    assert not [word for word in ("canary", "deep", "link", "pipe") if word in seen]
    assert out.exists()


def _quoted(body: str) -> str:
    return body.replace("'", "'\\''")
