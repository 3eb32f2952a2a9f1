"""An index of all words of one machine's documents, in SQLite's FTS5.

It lies beside the database in a file of its own, ``search``: all of it can be made again from what
the documents are, so it is no part of a backup, and is thrown away where it is broken or of
another format. It follows the documents: what ended is put in, what was deleted is taken out,
and what is left of that is overwritten.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from fanfold import keys, pagejson, pagezip, search
from fanfold.disk.database import Database
from fanfold.errors import Unavailable
from fanfold.model import Document, State
from fanfold.ports import DocumentStore, Found, ObjectStore
from fanfold.search import Term

INDEX_FILE = "search"
_FORMAT_OF_INDEX = 1
_SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, mark TEXT NOT NULL, first INTEGER, last INTEGER);
CREATE VIRTUAL TABLE pages USING fts5 (
    compared, text UNINDEXED, tenant UNINDEXED, document UNINDEXED, page UNINDEXED,
    tokenize = "unicode61 remove_diacritics 0"
);
"""
_PUT_PAGE = (
    "INSERT INTO pages (rowid, compared, text, tenant, document, page) VALUES (?, ?, ?, ?, ?, ?)"
)
_MAXIMUM_PAGES = 500
"""Maximum of pages that one search finds: the best of them."""
_SECONDS = 60.0
_UNBOUNDED = threading.TIMEOUT_MAX


class DiskIndex:
    """Searches all pages of a data folder. One process uses it, with any number of threads.

    ``patience``: seconds that a search may wait for documents which ended just now.
    """

    def __init__(
        self,
        data: Path,
        database: Database,
        documents: DocumentStore,
        objects: ObjectStore,
        *,
        patience: float = 1.0,
    ) -> None:
        self._data = data
        self._database = database
        self._documents = documents
        self._objects = objects
        self._lock = threading.Lock()
        self._stopped = False
        self._patience = patience
        self._stamp: tuple[int, ...] | None = None
        self._untidy = True  # who was here before may have been killed

    def stop(self) -> None:
        """Put nothing more in; what is under way ends with the document it is at."""
        self._stopped = True

    def find(self, tenant: str, wanted: Sequence[Term]) -> Sequence[Found]:
        """Return the pages that have all of a query, the best first; raise Unavailable.

        What has ended just now is put in before, as far as that takes no time.
        """
        self.follow(self._patience)
        with self._opened() as index:
            rows = index.execute(
                "SELECT document, page, text FROM pages"
                " WHERE pages MATCH ? AND tenant = ? ORDER BY rank LIMIT ?",
                (_expression(wanted), tenant, _MAXIMUM_PAGES),
            ).fetchall()
        return [
            Found(document, page, *search.excerpt(text, wanted)) for document, page, text in rows
        ]

    def behind(self) -> int:
        """Return how many documents are still to be put in or taken out; raise Unavailable."""
        with self._opened() as index:
            return len(self._changes(index))

    def follow(self, seconds: float = _UNBOUNDED) -> None:
        """Put in what has ended since, take out what is gone, for so long; raise Unavailable."""
        until = time.monotonic() + seconds
        if not self._lock.acquire(timeout=seconds):
            return  # another thread is at it
        try:
            stamp = self._database.stamp()
            if (stamp is None or stamp != self._stamp) and self._catch_up(until):
                self._stamp = stamp
            if self._untidy and seconds == _UNBOUNDED:
                self._tidy()
        finally:
            self._lock.release()

    def _catch_up(self, until: float) -> bool:
        """Return whether nothing is left to be done."""
        with self._opened() as index:
            for id_, mark in self._changes(index):
                if self._stopped or time.monotonic() > until:
                    return False
                self._untidy |= self._replace(index, id_, mark)
        return True

    def _tidy(self) -> None:
        """Write over what was taken out: else its words stay in the file for some time."""
        with self._opened() as index:
            index.execute("INSERT INTO pages (pages) VALUES ('optimize')")
            index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._untidy = False

    def _changes(self, index: sqlite3.Connection) -> list[tuple[str, str | None]]:
        """Return the ids of documents that the index lacks or has otherwise, with their marks.

        None for those that are gone.
        """
        with self._database.reading() as database:
            there = dict(_marks(database))
        have = dict(index.execute("SELECT id, mark FROM documents"))
        new = [(id_, mark) for id_, mark in there.items() if mark and have.get(id_) != mark]
        return [*((id_, None) for id_ in have if id_ not in there), *new]

    def _replace(self, index: sqlite3.Connection, id_: str, mark: str | None) -> bool:
        """Put a document in as it is now, or take it out; return whether something went."""
        document = self._documents.get(id_) if mark else None
        pages = list(self._pages(document)) if document else []
        index.execute("BEGIN IMMEDIATE")
        row = index.execute("SELECT first, last FROM documents WHERE id = ?", (id_,)).fetchone()
        if row:
            index.execute("DELETE FROM pages WHERE rowid BETWEEN ? AND ?", row)
            index.execute("DELETE FROM documents WHERE id = ?", (id_,))
        if mark:
            (last,) = index.execute("SELECT ifnull(max(last), 0) FROM documents").fetchone()
            tenant = document.tenant if document else ""
            for place, (number, compared, text) in enumerate(pages, last + 1):
                index.execute(_PUT_PAGE, (place, compared, text, tenant, id_, number))
            held = (id_, mark, last + 1, last + len(pages))
            index.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", held)
        index.execute("COMMIT")
        return bool(row)

    def _pages(self, document: Document) -> Iterator[tuple[int, str, str]]:
        for shard in self._documents.shards(document):
            for number, mark in sorted(shard.done.items()):
                data = self._objects.get(keys.page_result(document.id, mark.run, number))
                if data is not None:
                    page = pagejson.load(json.loads(pagezip.unpack(data).result))
                    yield number, search.compared(page), search.text(page)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        path = self._data / INDEX_FILE
        try:
            with closing(_index(path)) as index:
                yield index
        except sqlite3.OperationalError as error:
            raise Unavailable from error
        except sqlite3.DatabaseError as error:  # it is made anew, from what the documents are
            remove(self._data)
            raise Unavailable from error


def remove(data: Path) -> None:
    """Throw an index away."""
    for suffix in ("", "-wal", "-shm"):
        (data / f"{INDEX_FILE}{suffix}").unlink(missing_ok=True)


def _index(path: Path) -> sqlite3.Connection:
    """Open the index, made anew where there is none of this format."""
    index = sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)
    path.chmod(0o600)
    index.execute("PRAGMA secure_delete = ON")
    index.execute("PRAGMA journal_mode = WAL")
    index.execute("PRAGMA synchronous = NORMAL")
    (found,) = index.execute("PRAGMA user_version").fetchone()
    if found != _FORMAT_OF_INDEX:
        index.executescript(
            "BEGIN IMMEDIATE; DROP TABLE IF EXISTS documents; DROP TABLE IF EXISTS pages;"
            f"{_SCHEMA} PRAGMA user_version = {_FORMAT_OF_INDEX}; COMMIT;"
        )
    return index


def _marks(database: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    """Yield documents that have something to find, with what changes whenever that does.

    None for one that is being read anew: what was read before is found until then.
    """
    for id_, state, run, ended in database.execute(
        "SELECT id, state, json_extract(record, '$.run'), json_extract(record, '$.ended_at')"
        " FROM documents WHERE state <> ?",
        (State.DELETED.value,),
    ):
        yield id_, None if State(state).live else f"{run} {ended}"


def _expression(wanted: Sequence[Term]) -> str:
    """Return a query as FTS5 writes it: phrases that a page has all of."""
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.open else ""}' for term in wanted)
