"""A copy that is made while work goes on is one moment of it, and goes on from there."""

from __future__ import annotations

import os
import threading
from itertools import count
from pathlib import Path

import pytest

from fanfold.disk.backup import Refused, backup
from fanfold.disk.checkup import check
from fanfold.model import Output, State
from infra.machine import upkeep
from tests.fakes.folder import Folder

DOCUMENTS = 16


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Power is lost elsewhere; the whole machine's disks need not wait for these."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    return Folder(tmp_path / "data", monkeypatch, lasting=False)


def results(folder: Folder) -> dict[str, tuple[State, bytes | None]]:
    return {one.name: (one.state, folder.result(one, Output.TEXT)) for one in folder.documents()}


def test_copies_made_at_work_go_on_to_the_same_results(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for n in range(DOCUMENTS):
        folder.drop(f"{n}.pdf", f"plain {n} one\nBROKEN\nplain {n} three")
    work = threading.Thread(target=folder.work)
    work.start()
    copies = []
    while work.is_alive():
        copies.append(tmp_path / f"copy {len(copies)}")
        backup(folder.data, copies[-1])
    work.join()
    done = results(folder)
    assert len(done) == DOCUMENTS and len(copies) > 1
    live = []
    for n in {0, len(copies) // 2, len(copies) - 1}:
        place = tmp_path / f"restored {n}" / "data"
        upkeep.restore(copies[n], place)
        other = Folder(place, monkeypatch, lasting=False)
        live.append(sum(one.state.live for one in other.documents()))
        other.work()
        assert results(other) == done
        assert check(place).problems == ()
    assert any(live)


def test_deletions_that_come_in_between_leave_nothing_in_the_copy(folder: Folder, tmp_path: Path):
    ids = [folder.read(f"{n}.pdf", f"plain {n}").id for n in range(10)]
    deleting = threading.Thread(target=lambda: [folder.delete(id_) for id_ in ids])
    deleting.start()
    for number in count():
        backup(folder.data, tmp_path / f"copy {number}")
        assert check(tmp_path / f"copy {number}").leftovers == 0
        if not deleting.is_alive():
            break


def test_a_copy_on_another_disk_holds_the_same(folder: Folder, tmp_path: Path, monkeypatch):
    folder.read("a.pdf", "plain one")
    monkeypatch.setattr(os, "link", _no_links)
    backup(folder.data, tmp_path / "copy")
    assert check(tmp_path / "copy").problems == ()
    file = next((tmp_path / "copy").rglob("text.txt"))
    assert (file.read_bytes(), file.stat().st_nlink) == (b"plain one\n", 1)


def _no_links(*_: object, **__: object) -> None:
    raise OSError(18, "Invalid cross-device link")


def test_what_is_shown_is_shown_again(folder: Folder, tmp_path: Path):
    folder.read("post/a.pdf", "plain one")
    backup(folder.data, tmp_path / "copy")
    upkeep.restore(tmp_path / "copy", tmp_path / "new")
    assert (tmp_path / "new/outbox/post/a.pdf.txt").read_text() == "plain one\n"


def test_a_folder_that_holds_something_is_refused(folder: Folder, tmp_path: Path):
    folder.read("a.pdf", "plain one")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine").write_text("x")
    with pytest.raises(Refused, match="not empty"):
        backup(folder.data, tmp_path / "other")
    backup(folder.data, tmp_path / "copy")
    with pytest.raises(Refused, match="not empty"):
        upkeep.restore(tmp_path / "copy", folder.data)
    assert (tmp_path / "other" / "mine").exists() and results(folder)


def test_what_is_not_whole_is_neither_made_nor_put_back(folder: Folder, tmp_path: Path):
    with pytest.raises(Refused, match="in the data folder"):
        backup(folder.data, folder.data / "backup")
    with pytest.raises(Refused, match="no data"):
        backup(tmp_path / "none", tmp_path / "copy")
    folder.read("a.pdf", "plain one")
    backup(folder.data, tmp_path / "copy")
    next((tmp_path / "copy").rglob("text.txt")).unlink()
    with pytest.raises(Refused, match="not sound"):
        upkeep.restore(tmp_path / "copy", tmp_path / "new")
    (tmp_path / "copy" / "database").unlink()
    with pytest.raises(Refused, match="no whole backup"):
        upkeep.restore(tmp_path / "copy", tmp_path / "new")
    assert not (tmp_path / "new").exists()
