"""Temporary folders that never outlive their use.

Warm workers keep /tmp, and a killed worker cannot clean up: so a folder is emptied when its use
ends, and strays of dead processes are removed before the next begins.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fanfold.errors import DiskFull

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where a disk, a user's share of it, or a file is full."""


@contextmanager
def folder(root: Path) -> Iterator[Path]:
    """Give an empty folder below ``root`` and remove it at the end, whatever happens.

    Raises DiskFull where there is no space for what is done in it.
    """
    path: Path | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        _remove_strays(root)
        path = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
        yield path
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFull from error
        raise
    finally:
        if path is not None:
            shutil.rmtree(path, ignore_errors=True)


def _remove_strays(root: Path) -> None:
    """Remove folders of dead processes; our own pid's, too: one process does one job at a time."""
    for path in root.iterdir():
        pid = path.name.partition("-")[0]
        if pid.isdigit() and (int(pid) == os.getpid() or not _alive(int(pid))):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
