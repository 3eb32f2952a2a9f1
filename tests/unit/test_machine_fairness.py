"""On one machine a short document does not wait for a long one that came before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanfold.model import Output, State
from infra.machine.steps import CALLING
from infra.machine.worker import Worker
from tests.fakes.folder import Folder

PAGES = 1_000


def test_one_page_is_read_and_folded_while_a_thousand_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = Folder(tmp_path / "data", monkeypatch, lasting=False)
    worker, read = folder.worker(), folder.reader.read_pages
    long = folder.drop("long.pdf", "\n".join(f"page {n}" for n in range(PAGES)))
    while len(read) < PAGES // 4:
        assert worker.work()
    before = len(read)
    short = folder.drop("short.pdf", "one page")
    while not (found := folder.known(short)) or found.state.live:
        assert worker.work()
    assert found.state is State.SUCCEEDED and Output.TEXT in found.results
    assert len(read) - before <= 8
    assert folder.document(long).state is State.PROCESSING


def test_who_reads_pages_calls_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = Folder(tmp_path / "data", monkeypatch, lasting=False)
    folder.steps.stores.queue(CALLING).send(["to a stranger who is slow"], group="default")
    reader = Worker(folder.steps, "reader", folder.steps.by_queue.keys() - {CALLING})
    assert not reader.work()
    assert Worker(folder.steps, "caller", [CALLING]).work()
