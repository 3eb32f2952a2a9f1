"""The DocumentStore of one machine, in memory, with what a test may look at and put in place."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping

from fanfold import records
from fanfold.disk import documents
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.model import Document, Shard
from fanfold.ports import Clock


class Metas(MutableMapping[str, Document]):
    """All documents by their ids; what is assigned is written as it is."""

    def __init__(self, store: MemoryDocuments) -> None:
        self._store = store

    def __getitem__(self, document: str) -> Document:
        found = self._store.get(document)
        if found is None:
            raise KeyError(document)
        return found

    def __setitem__(self, document: str, value: Document) -> None:
        with self._store.database.changing() as connection:
            documents._put(connection, value)

    def __delitem__(self, document: str) -> None:
        with self._store.database.changing() as connection:
            connection.execute("DELETE FROM documents WHERE id = ?", (document,))

    def __iter__(self) -> Iterator[str]:
        with self._store.database.reading() as connection:
            return iter([id_ for (id_,) in connection.execute("SELECT id FROM documents")])

    def __len__(self) -> int:
        return len(list(iter(self)))


class MemoryDocuments(DiskDocuments):
    def __init__(self, clock: Clock, *, retain: int | None = None) -> None:
        self.database = Database(None)
        super().__init__(self.database, clock, retain=retain)

    @property
    def metas(self) -> Metas:
        return Metas(self)

    @property
    def shard_items(self) -> dict[tuple[str, int], Shard]:
        with self.database.reading() as connection:
            rows = connection.execute("SELECT document, number, record FROM shards").fetchall()
        return {(d, n): records.shard_from(d, n, json.loads(record)) for d, n, record in rows}
