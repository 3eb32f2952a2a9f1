"""One SQLite database, shared by the processes of one machine.

It is in WAL mode: who reads never waits, who writes waits for one other at most. A process that is
killed leaves nothing half. At power loss the last commits of a database that is not ``durable``
may be gone, always the newest first: what is left is what there was a moment before.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from fanfold.errors import Unavailable

FORMAT: Final = 1
"""The version of what is in a data folder: of the tables below, and of the objects' files."""

_SECONDS = 60.0
"""How long a writer waits for another."""

_TABLES = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
    deadline INTEGER, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX by_tenant ON documents (tenant, created_at DESC, id DESC);
CREATE INDEX by_state ON documents (tenant, state, created_at DESC, id DESC);
CREATE INDEX by_deadline ON documents (deadline) WHERE deadline IS NOT NULL;
CREATE TABLE shards (
    document TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE answers (
    tenant TEXT NOT NULL, sha256 TEXT NOT NULL, options TEXT NOT NULL, document TEXT NOT NULL,
    until INTEGER NOT NULL, PRIMARY KEY (tenant, sha256, options)
) WITHOUT ROWID;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, tenant TEXT NOT NULL,
    body TEXT NOT NULL, visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0,
    worker TEXT
);
CREATE INDEX by_queue ON messages (queue, tenant, visible_at, id);
CREATE TABLE objects (
    version INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, file TEXT NOT NULL,
    size INTEGER NOT NULL, media_type TEXT NOT NULL, owner TEXT NOT NULL
);
CREATE INDEX by_key ON objects (key, version);
CREATE TABLE taken (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    document TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX by_told ON taken (told) WHERE told = 0;
"""


class NewerFormat(Exception):
    """The data folder was written by a later version of this program."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"The data has format {found}, and this version of Fanfold knows {FORMAT}:"
            " it was written by a later one."
        )


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

    def settle(self) -> None:
        """Put on the disk what was committed; whoever reads or writes meanwhile goes on."""
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _prepare(self) -> None:
        if self._format() == 0:
            self._connection.execute("PRAGMA journal_mode = WAL")
            with self.changing() as connection:
                if self._format() == 0:  # still: another process may have been faster
                    for statement in _TABLES.split(";")[:-1]:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {FORMAT}")
        if self._format() > FORMAT:
            raise NewerFormat(self._format())

    def _format(self) -> int:
        (found,) = self._connection.execute("PRAGMA user_version").fetchone()
        return int(found)


@contextmanager
def _healing() -> Iterator[None]:
    """Turn what may heal into Unavailable: a full disk, an I/O error, a lock held too long."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable from error
