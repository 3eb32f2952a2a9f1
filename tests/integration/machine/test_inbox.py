"""The watched folder: what is taken, what is left alone, what comes out."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fanfold.bootstrap import SystemClock
from fanfold.disk import stores
from fanfold.disk.objects import DiskObjects
from infra.machine import changes, data
from infra.machine.inbox import Inbox
from tests import needs
from tests.chaos import copied
from tests.integration.machine.conftest import told, until


@pytest.fixture
def watched(tmp_path: Path):
    """An inbox that is looked at when the test says so, and the keys of what it took."""
    data = tmp_path / "data"
    index = stores.database(data)
    built = stores.build(data, index, SystemClock(), tmp_path / "outbox")
    objects = built.objects
    assert isinstance(objects, DiskObjects)
    folder = tmp_path / "inbox"
    folder.mkdir()

    def inbox() -> Inbox:
        return Inbox(folder, tmp_path / "outbox", index, objects, built.documents)

    def taken() -> list[str]:
        return [key.removeprefix("inbox/") for key in objects.list_keys("inbox/")]

    return folder, inbox, taken, built


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.pdf", "sub/.git/a.pdf", "scan.pdf.part", "scan.pdf~", "~$letter.docx", "Thumbs.db",
        "desktop.ini", ".DS_Store", "a.crdownload", "@eaDir/a.pdf",
    ],
)  # fmt: skip
def test_hidden_half_written_and_system_files_are_left_alone(watched, name: str):
    folder, inbox, taken, _ = watched
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"x")
    (folder / "taken.pdf").write_bytes(b"x")
    one = inbox()
    one.look()
    one.look()
    assert taken() == ["taken.pdf"]


def test_a_file_that_grows_is_taken_when_it_has_come_to_rest(watched):
    folder, inbox, taken, built = watched
    one, path = inbox(), folder / "scan.pdf"
    for size in (1, 2, 3):
        path.write_bytes(b"x" * size)
        os.utime(path, ns=(size, size))
        one.look()
        assert taken() == []
    one.look()
    assert built.objects.get("inbox/scan.pdf") == b"xxx"


def test_a_file_is_one_document_however_often_it_is_looked_at_and_by_whom(watched):
    folder, inbox, _, built = watched
    (folder / "scan.pdf").write_bytes(b"x")
    for one in (inbox(), inbox()):
        for _ in range(3):
            one.look()
    assert built.queue("intake").waiting() == 1
    (folder / "scan.pdf").write_bytes(b"another")
    one = inbox()
    one.look()
    one.look()
    assert built.queue("intake").waiting() == 2


def test_what_is_wished_for_a_folder_is_there_when_its_files_are_and_goes_with_it(
    watched, tmp_path: Path
):
    folder, inbox, taken, built = watched
    one, wish = inbox(), folder / "sub" / "fanfold.toml"
    wish.parent.mkdir()

    def taken_with(name: str) -> bytes | None:
        (folder / "sub" / name).write_bytes(b"x")
        one.look()
        one.look()
        assert f"sub/{name}" in taken()
        return built.objects.get("inbox/sub/fanfold.toml")

    assert taken_with("a.pdf") is None
    wish.write_bytes(b"mode = 'ocr'")
    assert taken_with("b.pdf") == b"mode = 'ocr'"
    wish.write_bytes(b"")
    assert taken_with("c.pdf") == b""
    wish.unlink()
    assert taken_with("d.pdf") is None
    (tmp_path / "secret").write_bytes(b"x")
    wish.symlink_to(tmp_path / "secret")
    assert taken_with("e.pdf") is None
    wish.unlink()
    os.mkfifo(wish)
    assert taken_with("f.pdf") is None


def test_links_that_lead_elsewhere_and_folders_are_no_documents(watched, tmp_path: Path):
    folder, inbox, taken, _ = watched
    (tmp_path / "secret").write_bytes(b"x")
    (folder / "link.pdf").symlink_to(tmp_path / "secret")
    (folder / "folder.pdf").mkdir()
    os.mkfifo(folder / "pipe.pdf")
    one = inbox()
    one.look()
    one.look()
    assert taken() == []


@pytest.fixture
def running(watched):
    """An inbox that watches by itself."""
    folder, inbox, taken, built = watched
    one = inbox()
    one.start()
    yield folder, taken, built
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 2


@needs.linux
def test_a_file_is_seen_within_a_second_of_its_end_and_not_before(running):
    folder, taken, built = running
    (folder / "first.pdf").write_bytes(b"x")
    until(lambda: taken() == ["first.pdf"])
    with (folder / "slow.pdf").open("wb") as file:
        file.write(b"first half, ")
        file.flush()
        (folder / "other.pdf").write_bytes(b"x")
        until(lambda: "other.pdf" in taken())
        (folder / "another.pdf").write_bytes(b"x")
        until(lambda: "another.pdf" in taken())
        assert "slow.pdf" not in taken()
        file.write(b"second half")
    closed = time.monotonic()
    until(lambda: "slow.pdf" in taken())
    print(f"seen {time.monotonic() - closed:.2f} s after its end")
    assert built.objects.get("inbox/slow.pdf") == b"first half, second half"


def test_whole_folders_that_are_moved_in_are_seen(running, tmp_path: Path):
    folder, taken, _ = running
    (tmp_path / "post" / "deep").mkdir(parents=True)
    for name in ("a.pdf", "deep/b.pdf"):
        (tmp_path / "post" / name).write_bytes(b"x")
    (tmp_path / "post").rename(folder / "post")
    until(lambda: taken() == ["post/a.pdf", "post/deep/b.pdf"])
    (folder / "post" / "deep" / "c.pdf").write_bytes(b"x")
    until(lambda: "post/deep/c.pdf" in taken())


@pytest.mark.parametrize("limit", ["__init__", "watch"])
def test_beyond_the_limits_of_inotify_a_folder_is_looked_at_by_the_clock(
    watched, monkeypatch: pytest.MonkeyPatch, limit: str
):
    def none_left(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(changes.Told, limit, none_left)
    folder, inbox, taken, _ = watched
    one = inbox()
    one.start()
    (folder / "a.pdf").write_bytes(b"x")
    until(lambda: taken() == ["a.pdf"])
    one.stop()


def test_network_folders_are_looked_at_by_the_clock(tmp_path: Path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/root / ext4 rw 0 0\nserver:/x {tmp_path}/share nfs4 rw 0 0\n")
    monkeypatch.setattr(data, "_MOUNTS", mounts)
    assert isinstance(changes.changes_in(tmp_path / "share"), changes.ByClock)


def test_results_lie_under_the_same_path_and_a_failure_says_why(start, samples, tmp_path):
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    (inbox / "post").mkdir(parents=True)
    shutil.copy(samples / "native.pdf", inbox / "post" / "Größe 1.pdf")
    (inbox / "bad.pdf").write_text("no document at all")
    start("--inbox", str(inbox), "--outbox", str(outbox), "--move")
    until((outbox / "post" / "Größe 1.pdf.txt").exists)
    failure = until(lambda: (path := outbox / "bad.pdf.error.json").exists() and told(path))
    assert failure["error"]["code"] == "UNSUPPORTED_TYPE"
    until((inbox / "failed" / "bad.pdf").exists)
    until((inbox / "done" / "post" / "Größe 1.pdf").exists)
    assert sorted(path.name for path in outbox.glob("bad*")) == ["bad.pdf.error.json"]


def test_a_folder_copied_in_while_the_service_dies_and_starts_has_one_outcome_a_file(tmp_path):
    assert copied.play(12, tmp_path) == []


def test_a_folder_is_watched_by_itself(samples, tmp_path):
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    shutil.copy(samples / "native.pdf", inbox)
    command = (sys.executable, "-m", "cli", "watch", str(inbox), str(outbox))
    watching = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until((outbox / "native.pdf.txt").exists)
    finally:
        watching.terminate()
        assert watching.wait(timeout=60) == 0
    assert (inbox / "native.pdf").exists()
