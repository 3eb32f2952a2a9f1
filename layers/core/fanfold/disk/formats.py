"""The formats of a data folder: each is what was done to the one before, the first to nothing."""

from __future__ import annotations

import os
from functools import partial
from hashlib import sha256
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from fanfold import pagezip
from fanfold.pagezip import PageFiles

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
UPDATE objects SET media_type = 'application/zip', key = substr(key, 1, length(key) - 4) || 'zip',
    file = packed(
        file,
        (SELECT file FROM objects AS layer
            WHERE layer.key = substr(objects.key, 1, length(objects.key) - 4) || 'pdf'
            ORDER BY version DESC LIMIT 1),
        (SELECT file FROM objects AS picture
            WHERE picture.key = substr(objects.key, 1, length(objects.key) - 4) || 'jpg'
            ORDER BY version DESC LIMIT 1)
    )
    WHERE key GLOB 'pages/*.json';
UPDATE objects SET size = coalesce(size_of(file), size) WHERE key GLOB 'pages/*.zip';
DELETE FROM objects WHERE key GLOB 'pages/*.pdf' OR key GLOB 'pages/*.jpg';
"""
"""What a page leaves is one object. Files that were packed are nobody's then, and go as such do."""

_FOURTH = """
CREATE TABLE tokens (digest TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE charges (
    tenant TEXT NOT NULL, day TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (tenant, day)
) WITHOUT ROWID;
"""
"""Tokens, and what tenants have had of a day."""

_FIFTH = """
CREATE TABLE webhooks (
    tenant TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE TABLE attempts (webhook TEXT NOT NULL, moment INTEGER NOT NULL, record TEXT NOT NULL);
CREATE INDEX by_webhook ON attempts (webhook, moment);
CREATE INDEX by_moment ON attempts (moment);
"""
"""Webhooks, and what was sent to them."""

_FORMATS = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
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


def bring_up(connection: Connection, objects: Path) -> None:
    """Bring a database to this version's format, within the transaction that is open.

    ``objects`` is the folder of the objects' files.
    """
    connection.create_function("digest_of", 1, digest_of, deterministic=True)
    connection.create_function("packed", 3, partial(_packed, objects))
    connection.create_function("size_of", 1, lambda file: len(_read(objects, file) or b"") or None)
    for step in _FORMATS[of(connection) :]:
        for statement in step.split(";")[:-1]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def digest_of(path: str) -> str:
    """Return what is kept of the path of a file that was taken: enough to know it again."""
    return sha256(path.encode()).hexdigest()


def _packed(objects: Path, file: str, layer: str | None, picture: str | None) -> str:
    """Write a page's three files as one and return its name; without a result there is none."""
    result = _read(objects, file)
    if result is None:
        return file
    files = PageFiles(result, _read(objects, layer), _read(objects, picture))
    name = f"{file}.zip"
    with (objects / name).open("wb") as target:
        target.write(pagezip.pack(files))
        target.flush()
        os.fsync(target.fileno())
    return name


def _read(objects: Path, file: str | None) -> bytes | None:
    try:
        return (objects / file).read_bytes() if file else None
    except FileNotFoundError:  # a damaged folder, which its checkup tells
        return None
