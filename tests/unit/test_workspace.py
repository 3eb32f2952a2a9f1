from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from fanfold import workspace
from fanfold.errors import DiskFull


def test_a_folder_is_empty_and_gone_afterwards(tmp_path: Path):
    with workspace.folder(tmp_path / "root") as folder:
        assert list(folder.iterdir()) == []
        (folder / "file").write_text("x")
    assert list((tmp_path / "root").iterdir()) == []


def test_a_folder_is_gone_after_a_failure_too(tmp_path: Path):
    with pytest.raises(ValueError, match="x"), workspace.folder(tmp_path) as folder:
        (folder / "file").write_text("x")
        raise ValueError("x")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_is_kept(tmp_path: Path):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    (tmp_path / f"{pid}-dead").mkdir()
    (tmp_path / f"{os.getpid()}-warm").mkdir()
    (tmp_path / f"{os.getppid()}-alive").mkdir()
    with workspace.folder(tmp_path) as folder:
        left = {path.name for path in tmp_path.iterdir()} - {folder.name}
    assert left == {f"{os.getppid()}-alive"}


def test_a_full_disk_is_a_typed_error_and_is_cleaned(tmp_path: Path):
    with pytest.raises(DiskFull), workspace.folder(tmp_path) as folder:
        (folder / "file").write_text("x")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_other_troubles_with_files_stay_what_they_are(tmp_path: Path):
    with pytest.raises(PermissionError), workspace.folder(tmp_path):
        raise PermissionError
