"""What is kept for a while only is gone then: files, rows, names, and what free pages held."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fanfold.bootstrap import SystemClock
from fanfold.disk.documents import DiskDocuments
from fanfold.stages import build
from infra.machine import upkeep
from tests.fakes.folder import Folder

DAY, HOUR = 24 * 3600, 3600
SECRETS = (b"Diagnose-Meier", b"Sonnenfinsternis")
"""In a file's name, and in its text."""


class Later:
    """The system's clock, from which time can be taken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds, now = 0, SystemClock.now
        monkeypatch.setattr(SystemClock, "now", lambda clock: now(clock) + self.seconds * 1000)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    return Folder(tmp_path / "data", monkeypatch)


def expire(folder: Folder, days: int) -> None:
    documents, parts = folder.steps.stores.documents, folder.parts
    assert isinstance(documents, DiskDocuments)
    upkeep.expire(documents, build.api(parts).delete, folder.steps.clock, days)
    build.sweep(parts)()
    upkeep.forget(folder.data, folder.steps.database, documents)


def holds(folder: Path, secret: bytes) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if secret in os.fsencode(path) or (path.is_file() and secret in path.read_bytes())
    ]


def test_documents_go_so_many_days_after_their_end_with_all_that_was_known_of_them(
    folder: Folder, later: Later, tmp_path: Path
):
    folder.read("Diagnose-Meier.pdf", "Sonnenfinsternis one\nBROKEN")
    assert all(holds(tmp_path, secret) for secret in SECRETS)
    later.seconds = 29 * DAY
    kept = folder.drop("kept.pdf", "one")
    folder.work()
    expire(folder, 30)
    assert len(folder.documents()) == 2
    later.seconds += 2 * DAY
    expire(folder, 30)
    assert [document.id for document in folder.documents()] == [kept]
    later.seconds += 2 * HOUR  # late writers are fenced until then
    expire(folder, 30)
    assert {secret: holds(tmp_path, secret) for secret in SECRETS} == {one: [] for one in SECRETS}
    assert (folder.outbox / "kept.pdf.txt").exists()


def test_what_is_still_read_does_not_go_however_old(folder: Folder, later: Later):
    id_ = folder.drop("a.pdf", "one\ntwo\nthree")
    worker = folder.worker()
    while not folder.reader.read_pages:
        worker.work()
    later.seconds = 400 * DAY
    expire(folder, 1)
    assert folder.document(id_).state.live


def test_the_copy_of_an_earlier_format_goes_after_a_week(folder: Folder):
    documents = folder.steps.stores.documents
    assert isinstance(documents, DiskDocuments)
    copies = [folder.data / f"database.format-{n}" for n in (1, 2)]
    for copy in copies:
        copy.touch()
    os.utime(copies[0], (1, 1))
    upkeep.forget(folder.data, folder.steps.database, documents)
    assert [copy.exists() for copy in copies] == [False, True]
