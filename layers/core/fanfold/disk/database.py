"""One SQLite database, shared by the processes of one machine.

It is in WAL mode: who reads never waits, who writes waits for one other at most. A process that is
killed leaves nothing half. At power loss the last commits of a database that is not ``durable``
may be gone, always the newest first: what is left is what there was a moment before.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fanfold.disk import formats
from fanfold.disk.formats import FORMAT, NewerFormat
from fanfold.errors import Unavailable

_SECONDS = 60.0
"""How long a writer waits for another."""


class Database:
    """A connection that threads share, one at a time.

    ``path`` None is a database in memory. ``durable``: a change is on the disk when it is done.
    Raises NewerFormat.
    """

    def __init__(self, path: Path | None, *, durable: bool = False) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        weakref.finalize(self, self._connection.close)
        self._path = path
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._prepare()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction that sees and makes the latest state.

        Within another one it is a part of that. Raises Unavailable where the disk is full or
        broken, or nobody else comes to an end; nothing is changed then.
        """
        with self._lock, _healing():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a failed commit may have rolled back already
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one query; raises Unavailable."""
        with self._lock, _healing():
            yield self._connection

    def sync(self) -> None:
        """Have on the disk, when it returns, what was committed before; raise Unavailable."""
        if self._path is None:
            return
        try:
            with self._path.with_name(f"{self._path.name}-wal").open("rb") as log:
                os.fsync(log.fileno())
        except FileNotFoundError:  # no log: all of it is in the database already
            return
        except OSError as error:
            raise Unavailable from error

    def stamp(self) -> tuple[int, ...] | None:
        """Return what is another one after every change, by any process; None in memory."""
        if self._path is None:
            return None
        found = []
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                file = self._path.with_name(f"{self._path.name}{suffix}").stat()
                found += [file.st_mtime_ns, file.st_size]
        return tuple(found)

    def settle(self) -> None:
        """Put on the disk what was committed; whoever reads or writes meanwhile goes on."""
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def wipe(self) -> None:
        """Leave nothing in the log of what was overwritten, if nobody reads it just now."""
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _prepare(self) -> None:
        found = formats.of(self._connection)
        if found > FORMAT:
            raise NewerFormat(found)
        if 0 < found < FORMAT:
            self._copy(f".format-{found}")
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute("PRAGMA journal_mode = WAL")
        if found == FORMAT:
            return
        with self.changing() as connection:
            if formats.of(connection) < FORMAT:  # still: another process may have been faster
                formats.bring_up(connection, (self._path or Path("memory")).with_name("objects"))
        if found:
            self._connection.execute("VACUUM")  # earlier formats left in it what was deleted

    def _copy(self, suffix: str) -> None:
        """Leave a copy beside the database, whole or not at all."""
        if self._path:
            copy = self._path.with_name(self._path.name + suffix)
            copy_to(self._connection, copy)


def copy_to(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a database as it is now into a file of its own, which is there when it is whole."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    copy = sqlite3.connect(part)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    finally:
        copy.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _healing() -> Iterator[None]:
    """Turn what may heal into Unavailable: a full disk, an I/O error, a lock held too long."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable from error
