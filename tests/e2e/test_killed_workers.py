from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from client.errors import Exit
from fanfold.model import Output, State
from tests.data import pdfs, pictures, prose
from tests.data.samples import SAMPLES
from tests.e2e.accuracy import recall
from tests.e2e.conftest import wait_for

WORKERS = {"functions.page.handler.handler", "infra.machine.worker"}
"""What the command lines of page workers say: in the rehearsal, and on one machine."""
STAND_IN = Path(__file__).with_name("killing_tesseract.sh")
POISON = ["sleep", "60.00001"]
"""What the stand-in does on a page that is to kill its worker."""


def reading_workers():
    """Return the page workers that have a child at work right now."""
    return [
        worker
        for worker in psutil.Process().children(recursive=True)
        if WORKERS & set(cmdline(worker)) and is_reading(worker)
    ]


def poisoned_workers():
    """Return the page workers that read a page which is to kill them."""
    return [
        worker
        for worker in psutil.Process().children(recursive=True)
        if WORKERS & set(cmdline(worker))
        and POISON in map(cmdline, worker.children(recursive=True))
    ]


@pytest.fixture
def poison():
    """Kill every worker that comes to such a page."""
    ended = threading.Event()

    def run():
        while not ended.wait(0.05):
            with suppress(psutil.Error):
                for worker in poisoned_workers():
                    worker.kill()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    ended.set()
    thread.join()


def cmdline(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def is_reading(worker):
    """Whether the worker's zygote has forked: the child that reads, or the one that recognises."""
    try:
        forks = [
            c
            for c in worker.children(recursive=True)
            if "fanfold.ocr.isolation.zygote" in cmdline(c)
        ]
    except psutil.Error:
        return False
    return len(forks) > 1


def test_a_document_survives_its_workers(reader, samples):
    # As nobody asked before: read, not answered from what was read already.
    document = reader.submit(samples / "scan.pdf", mode="ocr", pages="1-4")
    for _ in range(3):
        victim = wait_for(reading_workers)[0]
        os.kill(victim.pid, signal.SIGKILL)
        wait_for(lambda pid=victim.pid: not psutil.pid_exists(pid))

    status = reader.wait(document)

    assert (status.state, status.pages.done) == (State.SUCCEEDED, 4)
    pages = reader.text(status).rstrip("\f\n").split("\f")
    truth = SAMPLES["scan.pdf"].pages
    assert [round(recall([t], p)) for t, p in zip(truth, pages, strict=True)] == [1, 1, 1, 1]
    numbers = [p["page"] for p in json.loads(reader.result(status, Output.JSON))["pages"]]
    assert numbers == [1, 2, 3, 4]


@pytest.fixture
def poisoned(tmp_path):
    """Make a document whose square pages kill the worker that reads them."""

    def make(*poison):
        pdf = pdfs.new()
        for is_poison in poison:
            picture = pictures.scan(prose.NOTICE, pictures.A5)
            pdfs.add_picture(
                pdf, picture.crop((0, 0, picture.width, picture.width)) if is_poison else picture
            )
        path = tmp_path / "poisoned.pdf"
        path.write_bytes(pdfs.save(pdf))
        return path

    return make


@pytest.fixture(params=["up", "cloud"])
def extract(request, tmp_path, poison):
    """Call the command line on a service whose tesseract is the stand-in."""
    environment = os.environ | {"FANFOLD_TESSERACT": str(STAND_IN)}
    own = {"up": ("--data", str(tmp_path / "data")), "cloud": ("--aws-port", "0")}[request.param]
    fanfold = (sys.executable, "-m", "cli")
    service = subprocess.Popen(
        [*fanfold, request.param, "--port", "0", "--workers", "2", *own],
        env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def call(path, out):
        command = [*fanfold, "extract", str(path), "--mode", "ocr", "-o", str(out)]
        return subprocess.run(
            [*command, "--endpoint", url], capture_output=True, text=True, timeout=240, check=False
        )

    try:
        url = wait_for(lambda: re.search(r"API +(http\S+)", service.stdout.readline()))[1]
        yield call
    finally:
        service.send_signal(signal.SIGINT)
        service.communicate(timeout=30)


def test_a_page_that_kills_its_worker_fails_alone(poisoned, extract, tmp_path):
    path = poisoned(False, False, True, False)

    run = extract(path, tmp_path / "out")

    assert run.returncode == Exit.PARTIAL, run.stderr
    assert "page 3: WORKER_KILLED" in run.stderr
    pages = (tmp_path / "out" / "poisoned.txt").read_text().rstrip("\f\n").split("\f")
    assert pages[2].strip() == "--- page 3 [failed: WORKER_KILLED] ---"
    assert all(recall([prose.NOTICE], pages[place]) > 0.95 for place in (0, 1, 3))


def test_a_document_of_one_such_page_fails_with_that_reason(poisoned, extract, tmp_path):
    run = extract(poisoned(True), tmp_path / "out")

    assert run.returncode == Exit.FAILED, run.stderr
    assert "WORKER_KILLED" in run.stderr
