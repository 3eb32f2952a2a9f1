"""The formats of a data folder: each is what was done to the one before, the first to nothing."""

from __future__ import annotations

from hashlib import sha256
from sqlite3 import Connection
from typing import Final

_FIRST = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
    deadline INTEGER, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX by_tenant ON documents (tenant, created_at DESC, id DESC);
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
_SECOND = """
ALTER TABLE messages RENAME COLUMN tenant TO share;
ALTER TABLE messages ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
DROP INDEX by_queue;
CREATE INDEX by_turn ON messages (queue, turn, id, visible_at);
CREATE INDEX by_share ON messages (queue, share, turn);
CREATE INDEX in_work ON messages (queue, visible_at) WHERE receives > 0;
CREATE INDEX by_file ON objects (file);
ALTER TABLE taken RENAME COLUMN path TO digest;
UPDATE taken SET digest = digest_of(digest);
CREATE INDEX by_taker ON taken (document);
CREATE INDEX IF NOT EXISTS by_state ON documents (tenant, state, created_at DESC, id DESC);
"""
"""Messages take turns; of the paths of files that were taken digests are kept."""

_THIRD = """
CREATE TABLE tokens (digest TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE charges (
    tenant TEXT NOT NULL, day TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (tenant, day)
) WITHOUT ROWID;
"""
"""Tokens, and what tenants have had of a day."""

_FORMATS = (_FIRST, _SECOND, _THIRD)
FORMAT: Final = len(_FORMATS)
"""The version of what is in a data folder: of the database, and of the objects' files."""


class NewerFormat(Exception):
    """The data folder was written by a later version of this program."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"The data has format {found}, and this version of Fanfold knows {FORMAT}:"
            " it was written by a later one."
        )


def of(connection: Connection) -> int:
    """Return a database's format, 0 where it is empty."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def bring_up(connection: Connection) -> None:
    """Bring a database to this version's format, within the transaction that is open."""
    connection.create_function("digest_of", 1, digest_of, deterministic=True)
    for step in _FORMATS[of(connection) :]:
        for statement in step.split(";")[:-1]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def digest_of(path: str) -> str:
    """Return what is kept of the path of a file that was taken: enough to know it again."""
    return sha256(path.encode()).hexdigest()
