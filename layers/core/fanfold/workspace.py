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
def folder(root: Path, *, alone: bool = False) -> Iterator[Path]:
    """Give an empty folder below ``root`` and remove it at the end, whatever happens.

    ``alone``: nothing else belongs into ``root``, so whatever is found there goes, too.
    Raises DiskFull where there is no space for what is done in it.
    """
    path: Path | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        _remove_strays(root, thorough=alone)
        path = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
        yield path
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFull from error
        raise
    finally:
        if path is not None:
            shutil.rmtree(path, ignore_errors=True)


def check_room(place: Path, size: float = 1) -> None:
    """Raise DiskFull where ``size`` bytes have no room at ``place``.

    For programs that fail without saying of what: what they wrote is there still, so look at once.
    """
    if shutil.disk_usage(place).free < size:
        raise DiskFull


def _remove_strays(root: Path, *, thorough: bool) -> None:
    """Remove folders of dead processes; our own pid's, too: one process does one job at a time."""
    for path in root.iterdir():
        pid = path.name.partition("-")[0]
        if not pid.isdigit():
            if thorough:
                _remove(path)
        elif int(pid) == os.getpid() or not _alive(int(pid)):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
