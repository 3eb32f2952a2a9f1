"""Looks whether a data folder is sound, for reading only: while a service works in it, or not.

All of it is one moment of the database. A file that is missing is looked for again at a later one:
objects leave the index before their files go.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from fanfold import keys, messages, records
from fanfold.disk import formats
from fanfold.disk.formats import FORMAT
from fanfold.errors import SourceMissing
from fanfold.model import Document, State

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found. ``format`` is 0 where there is no data; each problem is a line for people.

    ``leftovers`` are files that the index does not name, such as a crash leaves, or a write that
    is under way.
    """

    format: int
    documents: int = 0
    objects: int = 0
    leftovers: int = 0
    problems: tuple[str, ...] = ()


def check(data: Path) -> Checkup:
    """Look at everything that a data folder holds."""
    if not (data / "database").exists():
        return Checkup(0)
    try:
        with closing(opened(data)) as connection:
            return _checked(connection, data / "objects")
    except sqlite3.DatabaseError as error:
        return Checkup(-1, problems=(f"the database cannot be read: {error}",))


def clear(data: Path, before: int) -> int:
    """Remove the files that no object has and that were not written since ``before``.

    In nanoseconds since the epoch, as files tell it. Returns how many there were.
    """
    with closing(opened(data)) as connection:
        found = list(leftovers(connection, data / "objects", before))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def opened(data: Path) -> Connection:
    """Open a data folder's database for reading only."""
    place = f"{(data / 'database').absolute().as_uri()}?mode=ro"
    return sqlite3.connect(place, timeout=_SECONDS, uri=True, isolation_level=None)


def leftovers(connection: Connection, folder: Path, before: int | None = None) -> Iterator[Path]:
    """Yield files that no object has; ``before``: only those not written since, in nanoseconds."""
    for place, _, names in os.walk(folder):
        for path in (Path(place) / name for name in names):
            if not _is_older(path, before):
                continue
            file = str(path.relative_to(folder))
            if not connection.execute("SELECT 1 FROM objects WHERE file = ?", (file,)).fetchone():
                yield path


def _is_older(path: Path, before: int | None) -> bool:
    try:
        return before is None or path.stat().st_mtime_ns < before
    except FileNotFoundError:  # removed since
        return False


def _checked(connection: Connection, folder: Path) -> Checkup:
    found = formats.of(connection)
    if found > FORMAT:
        return Checkup(found, problems=(str(formats.NewerFormat(found)),))
    connection.execute("BEGIN")
    damage = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    if damage:
        return Checkup(found, problems=tuple(f"the database is damaged: {one}" for one in damage))
    problems = [*_documents(connection), *_objects(connection)]
    (documents,) = connection.execute("SELECT count(*) FROM documents").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM objects").fetchone()
    suspects = dict(_files(connection, folder))
    connection.execute("COMMIT")
    problems += _still_there(connection, suspects)
    left = sum(1 for _ in leftovers(connection, folder))
    return Checkup(found, documents, objects, left, tuple(problems))


def _files(connection: Connection, folder: Path) -> Iterator[tuple[int, str]]:
    """Yield versions whose file is missing or of another size, each with what is wrong."""
    for version, key, file, size in connection.execute(
        "SELECT version, key, file, size FROM objects"
    ):
        try:
            has = (folder / file).stat().st_size
        except FileNotFoundError:
            yield version, f"the file of the object {key} is missing"
        else:
            if has != size:
                yield version, f"the file of the object {key} has {has} bytes instead of {size}"


def _still_there(connection: Connection, suspects: Mapping[int, str]) -> Iterator[str]:
    for version, wrong in suspects.items():
        row = connection.execute("SELECT 1 FROM objects WHERE version = ?", (version,))
        if row.fetchone():
            yield wrong


def _documents(connection: Connection) -> Iterator[str]:
    """Yield what documents lack: their original, results, and results of pages."""
    for id_, record in connection.execute("SELECT id, record FROM documents"):
        document = records.document_from(id_, json.loads(record))
        if document.state is State.DELETED:
            continue
        for key, version in _wanted(connection, document):
            if not connection.execute(
                "SELECT 1 FROM objects WHERE key = ? AND (version = ? OR ? IS NULL)",
                (key, version, version),
            ).fetchone():
                yield f"the document {id_} lacks {key}"


def _wanted(connection: Connection, document: Document) -> Iterator[tuple[str, int | None]]:
    """Yield keys, and versions where it must be one, that a document has to have."""
    missed = document.reason is not None and document.reason.code == SourceMissing.code
    if document.source and not missed:
        yield document.source.key, int(document.source.version or 0)
    for output in document.results:
        file = keys.RESULT_FILES[output]
        yield keys.result(document.id, document.results_run, file), None
    for number, record in connection.execute(
        "SELECT number, record FROM shards WHERE document = ?", (document.id,)
    ):
        shard = records.shard_from(document.id, number, json.loads(record))
        for page, mark in shard.done.items():
            yield keys.page_result(document.id, mark.run, page), None


def _objects(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with objects that belong to no document."""
    arriving = {
        messages.subject(body).get("document_id")
        for (body,) in connection.execute("SELECT body FROM messages WHERE queue LIKE 'intake%'")
    }
    for key, version, owner in connection.execute("SELECT key, version, owner FROM objects"):
        document = _document_of(key, str(version), owner)
        if document and document not in arriving and not _is_known(connection, document):
            yield f"the object {key} belongs to no document"


def _document_of(key: str, version: str, owner: str) -> str:
    """Return the document that an object belongs to, empty where it belongs to none by design."""
    if keys.is_derived(key):
        return key.split("/")[1]
    if key.startswith(keys.INBOX):
        if keys.inbox_path(key) is None:
            return ""
        return keys.inbox_document(key, version)
    upload = keys.parse_upload(key)
    return upload.document if upload else owner


def _is_known(connection: Connection, document: str) -> bool:
    """Whether there is a document, or one that was deleted and is still to be swept up."""
    return bool(
        connection.execute(
            "SELECT 1 FROM documents WHERE id = ? AND (state <> ? OR deadline IS NOT NULL)",
            (document, State.DELETED.value),
        ).fetchone()
    )
