"""On one machine a short document does not wait for a long one that came before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanfold import bootstrap, keys
from fanfold.model import Document, Output, State
from infra.machine.steps import Setup, Steps
from infra.machine.worker import Worker
from tests.fakes.world import FakeReader, FakeTool

PAGES = 1_000


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    reader = FakeReader()
    monkeypatch.setattr(bootstrap, "tool_in", lambda *_: FakeTool())
    monkeypatch.setattr(bootstrap, "reader_in", lambda *_: reader)
    return reader


def test_one_page_is_read_and_folded_while_a_thousand_wait(reader: FakeReader, tmp_path: Path):
    steps = Steps(Setup(tmp_path, "eng", lasting=False), tmp_path / "workspace", ready=False)
    worker = Worker(steps, "one")

    def drop(name: str, pages: int) -> str:
        text = "\n".join(f"page {n}" for n in range(pages))
        info = steps.stores.objects.put(keys.INBOX + name, text.encode(), "application/pdf")
        return keys.inbox_document(info.key, info.version)

    def known(id_: str) -> Document | None:
        return steps.stores.documents.get(id_)

    long = drop("long.pdf", PAGES)
    while len(reader.read_pages) < PAGES // 4:
        assert worker.work()
    before = len(reader.read_pages)
    short = drop("short.pdf", 1)
    while not (found := known(short)) or found.state.live:
        assert worker.work()
    assert found.state is State.SUCCEEDED and Output.TEXT in found.results
    assert len(reader.read_pages) - before <= 8
    going = known(long)
    assert going and going.state is State.PROCESSING
