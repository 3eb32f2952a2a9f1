"""What objects on disk do beyond the port: names, crashes, the outbox's plain folder."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from fanfold.disk.database import Database
from fanfold.disk.links import Links
from fanfold.disk.objects import DiskObjects
from fanfold.errors import Unavailable
from tests.fakes.world import FakeClock


@pytest.fixture
def objects(tmp_path: Path) -> DiskObjects:
    return DiskObjects(
        Database(tmp_path / "database"),
        tmp_path / "objects",
        Links(b"secret", FakeClock()),
        outbox=tmp_path / "outbox",
    )


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_an_object_is_a_file_of_its_own_name(objects: DiskObjects, tmp_path: Path):
    objects.put("results/d/1/Größe + 100%.txt", b"x", "text/plain")
    assert (tmp_path / "objects/results/d/1/Größe + 100%.txt").read_bytes() == b"x"


@pytest.mark.parametrize(
    "key", ["inbox/../../evil", "inbox/./a", "inbox//a", "inbox/a\0b", f"inbox/{'ä' * 200}.pdf"]
)
def test_no_key_leads_out_of_the_folder(objects: DiskObjects, tmp_path: Path, key: str):
    objects.put(key, b"x", "application/pdf")
    objects.put(f"{key}2", b"y", "application/pdf")
    assert (objects.get(key), objects.get(f"{key}2")) == (b"x", b"y")
    assert {name.split("/")[0] for name in files(tmp_path)} <= {
        "objects", "database", "database-wal", "database-shm",
    }  # fmt: skip


def test_one_name_may_be_the_beginning_of_another(objects: DiskObjects):
    objects.put("inbox/a", b"file", "application/pdf")
    objects.put("inbox/a/b", b"below", "application/pdf")
    objects.put("inbox/c/d", b"first", "application/pdf")
    objects.put("inbox/c", b"second", "application/pdf")
    found = [objects.get(f"inbox/{name}") for name in ("a", "a/b", "c/d", "c")]
    assert found == [b"file", b"below", b"first", b"second"]


def test_nothing_is_left_of_what_could_not_be_written(objects: DiskObjects, tmp_path: Path):
    objects.put("pages/d/1/00001.json", b"old", "application/json")
    before = files(tmp_path / "objects")
    full = OSError(28, "No space left on device")
    with patch.object(os, "fsync", side_effect=full), pytest.raises(Unavailable):
        objects.put("pages/d/1/00001.json", b"new", "application/json")
    assert files(tmp_path / "objects") == before
    assert objects.get("pages/d/1/00001.json") == b"old"


def test_a_file_that_a_crash_left_is_nobodys_and_in_nobodys_way(
    objects: DiskObjects, tmp_path: Path
):
    left = tmp_path / "objects/pages/d/1/00001.json"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"ha")
    assert objects.get("pages/d/1/00001.json") is None
    objects.put("pages/d/1/00001.json", b"whole", "application/json")
    assert objects.get("pages/d/1/00001.json") == b"whole"


def test_the_outbox_shows_the_latest_version_and_no_other(objects: DiskObjects, tmp_path: Path):
    shown = tmp_path / "outbox/post/a.pdf.txt"
    objects.put("outbox/post/a.pdf.txt", b"of a", "text/plain", owner="a")
    objects.put("outbox/post/a.pdf.txt", b"of b", "text/plain", owner="b")
    assert shown.read_bytes() == b"of b"
    objects.delete_owned("outbox/post/a.pdf.txt", "b")
    assert shown.read_bytes() == b"of a"
    objects.delete_owned("outbox/post/a.pdf.txt", "a")
    assert not shown.parent.exists()


def test_nothing_of_what_was_removed_is_left_on_the_disk(objects: DiskObjects, tmp_path: Path):
    objects.put("work/d/1/00001.pdf", b"x", "application/pdf")
    objects.put("work/d/1/00001.pdf", b"y", "application/pdf")
    assert objects.delete_prefix("work/d/") == 1
    assert list((tmp_path / "objects").rglob("*")) == []
