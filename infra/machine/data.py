"""The data folder: where it is, who holds it, and where it cannot be.

``lock`` is held by the one service of the folder, as long as it lives, and says where that listens.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = "lock"
_MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.sshfs",
        "glusterfs",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    }
)


class DataError(Exception):
    """The data folder cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The service that holds a data folder. ``url`` is empty until it listens."""

    pid: int
    url: str


def default() -> Path:
    """Return where this platform keeps a program's data for this user."""
    if platform.system() == "Darwin":
        return Path.home() / "Library" / "Application Support" / "Fanfold"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "fanfold"


class Lock:
    """The right to a data folder, until it is let go or the process ends. Raises DataError.

    ``since`` is the moment it began, in nanoseconds since the epoch, by the clock of files.
    """

    def __init__(self, folder: Path) -> None:
        check_place(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = (folder / LOCK).open("a+")
        except OSError as error:
            raise DataError(f"The data folder {folder} cannot be written: {error}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            found = holder(folder)
            who = f"process {found.pid} at {found.url or 'no address yet'}" if found else "another"
            raise DataError(f"The data folder {folder} is held by {who}.") from None
        self.say("")
        self.since = os.fstat(self._file.fileno()).st_mtime_ns

    def say(self, url: str) -> None:
        """Write down where the service listens."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"pid": os.getpid(), "url": url}))
        self._file.flush()

    def release(self) -> None:
        """Let go."""
        self._file.close()


def holder(folder: Path) -> Holder | None:
    """Return which service holds a data folder now, None if none does."""
    try:
        with (folder / LOCK).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                said: dict[str, Any] = json.loads(file.read() or "{}")
                return Holder(int(said.get("pid", 0)), str(said.get("url", "")))
    except (OSError, ValueError):
        return None
    return None


def check_place(folder: Path) -> None:
    """Raise DataError where a folder is on a network disk: SQLite's locks do not hold there."""
    kind = _filesystem(folder)
    if kind in _NETWORK:
        raise DataError(
            f"The data folder {folder} is on a network disk ({kind}), where locks of files do not"
            " hold and a database can break. Choose one on this machine (--data);"
            " inbox and outbox may be anywhere."
        )


def is_local(folder: Path) -> bool:
    """Whether the kernel hears of all that happens in a folder: nobody else's machine writes it."""
    kind = _filesystem(folder)
    return kind not in _NETWORK and not kind.startswith("fuse")


def check_apart(inbox: Path, *others: Path) -> None:
    """Raise DataError where the inbox holds a folder of ours: results would become documents."""
    watched = inbox.resolve()
    for other in map(Path.resolve, others):
        if watched == other or watched in other.parents:
            raise DataError(
                f"{other} is in the inbox {watched}: what is written there would be read."
            )


def _filesystem(folder: Path) -> str:
    """Return the kind of file system a folder is on, empty where the system does not say."""
    if not _MOUNTS.exists():
        return ""
    place = folder.resolve()
    best, kind = Path(), ""
    for line in _MOUNTS.read_text(errors="replace").splitlines():
        _, where, fstype, *_ = line.split(" ")
        mounted = Path(where.replace("\\040", " "))
        below = place == mounted or mounted in place.parents
        if below and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, fstype
    return kind
