"""A data folder in which documents are really worked on, by readers of text that stand in."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanfold import bootstrap, keys
from fanfold.access import TENANT
from fanfold.disk.queues import release_all
from fanfold.model import Document, Output
from fanfold.stages import build
from fanfold.stages.build import Parts
from infra.machine.steps import Setup, Steps
from infra.machine.worker import Worker
from tests.fakes.world import FakeReader, FakeTool


class Folder:
    """Each line of a document's text is a page; “BROKEN” is none."""

    def __init__(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, *, lasting: bool = True
    ) -> None:
        self.data, self.outbox = data, data.parent / "outbox"
        self.reader = FakeReader()
        monkeypatch.setattr(bootstrap, "tool_in", lambda *_: FakeTool())
        monkeypatch.setattr(bootstrap, "reader_in", lambda *_: self.reader)
        setup = Setup(data, "eng", outbox=self.outbox, lasting=lasting)
        self.steps = Steps(setup, data.parent / "workspace", ready=False)
        release_all(self.steps.database, self.steps.clock)  # as at each start of the service

    def close(self) -> None:
        self.steps.database.close()

    def worker(self) -> Worker:
        return Worker(self.steps, "worker")

    def work(self) -> None:
        """Do everything there is to do."""
        worker = self.worker()
        while worker.work():
            pass

    def drop(self, name: str, text: str) -> str:
        info = self.steps.stores.objects.put(keys.INBOX + name, text.encode(), "application/pdf")
        return keys.inbox_document(info.key, info.version)

    def read(self, name: str, text: str) -> Document:
        id_ = self.drop(name, text)
        self.work()
        return self.document(id_)

    def known(self, id_: str) -> Document | None:
        return self.steps.stores.documents.get(id_)

    def document(self, id_: str) -> Document:
        found = self.known(id_)
        assert found
        return found

    def documents(self) -> tuple[Document, ...]:
        store = self.steps.stores.documents
        return store.list(TENANT, state=None, cursor=None, limit=100).documents

    def result(self, document: Document, output: Output) -> bytes | None:
        key = keys.result(document.id, document.results_run, keys.RESULT_FILES[output])
        return self.steps.stores.objects.get(key)

    @property
    def parts(self) -> Parts:
        (function,) = {route.function for route in self.steps.wiring.routes}
        return self.steps.parts(function)

    def delete(self, id_: str) -> None:
        build.api(self.parts).delete(TENANT, id_)
