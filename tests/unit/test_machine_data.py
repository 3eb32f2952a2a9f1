"""Where data may be kept, and where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.machine import data
from infra.machine.data import DataError, Lock, check_apart, check_place, holder


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_disk_is_refused_with_the_reason(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/root / ext4 rw 0 0\nserver:/x {tmp_path}/my\\040share {kind} rw 0 0\n")
    monkeypatch.setattr(data, "_MOUNTS", mounts)
    check_place(tmp_path)
    with pytest.raises(DataError, match=f"network disk .{kind}."):
        check_place(tmp_path / "my share" / "data")


def test_a_folder_is_held_by_one_and_says_by_whom(tmp_path: Path):
    assert holder(tmp_path) is None
    lock = Lock(tmp_path)
    lock.say("http://127.0.0.1:1")
    found = holder(tmp_path)
    assert found and found.url == "http://127.0.0.1:1"
    with pytest.raises(DataError, match=r"http://127\.0\.0\.1:1"):
        Lock(tmp_path)
    lock.release()
    assert holder(tmp_path) is None
    Lock(tmp_path).release()


@pytest.mark.parametrize("place", [".", "out", "out/deeper"])
def test_nothing_of_ours_may_be_in_the_inbox(tmp_path: Path, place: str):
    check_apart(tmp_path / "data" / "inbox", tmp_path / "data" / "outbox", tmp_path / "data")
    with pytest.raises(DataError, match="would be read"):
        check_apart(tmp_path / "in", tmp_path / "in" / place)
