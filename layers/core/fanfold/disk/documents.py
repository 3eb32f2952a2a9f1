"""Documents and shards in SQLite: each change is one of ``lives`` in a transaction of its own."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from sqlite3 import Connection

from fanfold import lives, records
from fanfold.disk.database import Database
from fanfold.disk.taken import tell_again
from fanfold.errors import InvalidRequest
from fanfold.model import (
    Document,
    DoneMark,
    FailedMark,
    Options,
    Reason,
    Shard,
    SourceFile,
    State,
    shard_of,
)
from fanfold.ports import Clock, Ending, Listing, Opened

_LATEST = 10**15  # milliseconds since the epoch: far beyond any document
_TOMBSTONE_MILLISECONDS = 30 * 24 * 3600 * 1000
"""How long a deleted document stays, without anything of it, to fence late writers."""
_PUT = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)"
_PUT_SHARD = "INSERT OR REPLACE INTO shards VALUES (?, ?, ?)"


class DiskDocuments:
    """The DocumentStore of the ports in one SQLite database.

    ``retain``: how long documents are kept after their end, in milliseconds; None for ever.
    """

    def __init__(self, database: Database, clock: Clock, *, retain: int | None = None) -> None:
        self._database = database
        self._clock = clock
        self._retain = retain

    # Reads

    def get(self, document: str) -> Document | None:
        """Read a document as of now."""
        with self._database.reading() as connection:
            return _document(connection, document)

    def list(self, tenant: str, *, state: State | None, cursor: str | None, limit: int) -> Listing:
        """List a tenant's documents, newest first; raise InvalidRequest for a bad cursor."""
        last = _start(cursor) if cursor else (_LATEST, "")
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, record FROM documents WHERE tenant = ? AND (created_at, id) < (?, ?)"
                f" AND state {'=' if state else '<>'} ?"
                " AND ifnull(json_extract(record, '$.kept_until') > ?, 1)"
                " ORDER BY created_at DESC, id DESC LIMIT ?",
                (tenant, *last, (state or State.DELETED).value, self._clock.now(), limit + 1),
            ).fetchall()
        found = [records.document_from(id_, json.loads(record)) for id_, record in rows[:limit]]
        return Listing(tuple(found), _cursor(found[-1]) if len(rows) > limit else None)

    def shard(self, document: str, number: int) -> Shard | None:
        """Read one shard."""
        with self._database.reading() as connection:
            return _shard(connection, document, number)

    def shards(
        self, document: Document, numbers: Collection[int] | None = None
    ) -> tuple[Shard, ...]:
        """Read all shards that exist, or those of ``numbers``, in order."""
        some = "" if numbers is None else f" AND number IN ({','.join('?' * len(numbers))})"
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT number, record FROM shards WHERE document = ?{some} ORDER BY number",
                (document.id, *(numbers or ())),
            ).fetchall()
        return tuple(records.shard_from(document.id, n, json.loads(record)) for n, record in rows)

    def due(self, now: int, limit: int) -> Sequence[Document]:
        """List documents whose deadline has passed, the oldest deadline first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, record FROM documents WHERE deadline <= ? ORDER BY deadline LIMIT ?",
                (now, limit),
            ).fetchall()
        return [records.document_from(id_, json.loads(record)) for id_, record in rows]

    def same(self, tenant: str, sha256: str, options: Options) -> Document | None:
        """Return the SUCCEEDED document that answers this content with these options."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT document FROM answers"
                " WHERE tenant = ? AND sha256 = ? AND options = ? AND until > ?",
                (tenant, sha256, records.asked(options), self._clock.now()),
            ).fetchone()
            found = _document(connection, row[0]) if row else None
        return found if found and found.answers(tenant, sha256, options) else None

    # A document's way

    def create(self, document: Document) -> bool:
        """Write a new document; False if the id is taken."""
        with self._database.changing() as connection:
            if _document(connection, document.id):
                return False
            _put(connection, document)
        return True

    def pin(self, document: str, source: SourceFile, deadline: int) -> Document | None:
        """Pin the source of a document that waits for it; the first version wins."""
        found = self._left(document, lambda one: lives.pin(one, source, deadline))
        return found if found and lives.is_pinned(found, source) else None

    def begin(self, document: str, run: int, opened: Opened) -> Document | None:
        """QUEUED → PROCESSING with what the file holds."""
        return self._changed(document, lambda one: lives.begin(one, run, opened))

    def unlock(self, document: str, run: int, deadline: int) -> Document | None:
        """FAILED for want of a password → QUEUED in the run after ``run``."""
        with self._database.changing() as connection:
            tell_again(connection, document)
            found = self._left(document, lambda one: lives.unlock(one, run, deadline))
        return found if found and lives.is_unlocked(found, run) else None

    def fanned(self, document: str, run: int, shard: int) -> Document | None:
        """Note that all pages of a shard are queued."""
        return self._changed(document, lambda one: lives.fanned(one, run, shard))

    def shard_done(self, document: str, run: int, shard: int, deadline: int) -> Document | None:
        """Note that a shard is complete."""
        return self._changed(document, lambda one: lives.shard_done(one, run, shard, deadline))

    def ready(self, document: str, run: int, deadline: int) -> bool:
        """PROCESSING → ASSEMBLING if all shards are done; True for the one who did it."""
        return bool(self._changed(document, lambda one: lives.ready(one, run, deadline)))

    def finish(self, document: str, run: int, ending: Ending) -> Document | None:
        """ASSEMBLING → SUCCEEDED, PARTIAL or FAILED."""
        now, kept_until = self._ends()
        return self._changed(document, lambda one: lives.finish(one, run, ending, now, kept_until))

    def fail(self, document: Document, reason: Reason, *, watched: bool) -> Document | None:
        """End a live document as FAILED with a reason, unless it has gone on since it was read."""
        now, kept_until = self._ends()
        return self._changed(
            document.id,
            lambda one: lives.fail(one, document, reason, now, kept_until, watched=watched),
        )

    def expire(self, document: str) -> bool:
        """UPLOADING → EXPIRED."""
        now, kept_until = self._ends()
        return bool(self._changed(document, lambda one: lives.expire(one, now, kept_until)))

    def resumed(
        self, document: Document, *, deadline: int, progress: int, sweeps: int, waits: int
    ) -> Document | None:
        """Note what a sweep found; None if another sweep was here first."""
        return self._changed(
            document.id,
            lambda one: lives.resumed(
                one, document, deadline=deadline, progress=progress, sweeps=sweeps, waits=waits
            ),
        )

    def rerun(
        self, document: str, run: int, options: Options, redo: str, deadline: int
    ) -> Document | None:
        """SUCCEEDED, PARTIAL or FAILED → PROCESSING in the run after ``run``."""
        with self._database.changing() as connection:
            tell_again(connection, document)
            found = self._left(document, lambda one: lives.rerun(one, run, options, redo, deadline))
        return found if found and lives.is_rerun(found, run, options, redo) else None

    def cancel(self, document: str) -> Document | None:
        """End a live document as CANCELLED and raise its run, which fences every late writer."""
        now, kept_until = self._ends()
        return self._left(document, lambda one: lives.cancel(one, now, kept_until))

    def delete(self, document: str, deadline: int) -> Document | None:
        """Make a document DELETED and raise its run, which fences every late writer."""
        with self._database.changing() as connection:
            tell_again(connection, document)
            return self._left(document, lambda one: lives.delete(one, deadline))

    def purge(self, document: Document) -> None:
        """Remove the shards of a deleted document, and what it answers."""
        with self._database.changing() as connection:
            connection.execute("DELETE FROM shards WHERE document = ?", (document.id,))
            connection.execute(
                "DELETE FROM answers WHERE tenant = ? AND sha256 = ? AND document = ?",
                (document.tenant, document.source.sha256 if document.source else "", document.id),
            )

    def bury(self, document: Document) -> bool:
        """Take a document that has ended out of the sweep's sight; False where it was rerun."""
        return bool(self._changed(document.id, lambda one: lives.bury(one, document)))

    def remember(self, document: Document, until: int) -> None:
        """Note that a document answers its content and options, until a moment."""
        if document.source:
            asked = (document.tenant, document.source.sha256, records.asked(document.options))
            with self._database.changing() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                    (*asked, document.id, until),
                )

    def ended(self, before: int, limit: int) -> Sequence[Document]:
        """List documents that ended before a moment and are still there."""
        live = [state.value for state in State if state.live]
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, record FROM documents"
                f" WHERE state NOT IN ({', '.join('?' * len(live))}, ?)"
                " AND json_extract(record, '$.ended_at') < ? LIMIT ?",
                (*live, State.DELETED.value, before, limit),
            ).fetchall()
        return [records.document_from(id_, json.loads(record)) for id_, record in rows]

    def forget(self) -> None:
        """Remove what is only remembered for a while: tombstones, and what answers no more."""
        now = self._clock.now()
        with self._database.changing() as connection:
            connection.execute("DELETE FROM answers WHERE until <= ?", (now,))
            connection.execute(
                "DELETE FROM documents WHERE state = ? AND deadline IS NULL"
                " AND json_extract(record, '$.updated_at') <= ?",
                (State.DELETED.value, now - _TOMBSTONE_MILLISECONDS),
            )

    # A page's way

    def open_shard(self, shard: Shard) -> Shard | None:
        """Create the shard if absent; return it as it is now, whatever its run."""
        with self._database.changing() as connection:
            found = _shard(connection, shard.document, shard.number)
            return found or _put_shard(connection, shard)

    def take_over(self, run: int, shard: Shard) -> Shard | None:
        """Replace the shard of run ``run`` by ``shard``, which is of a later one."""
        return self._mark(
            shard.document, shard.number, lambda one: lives.take_over(one, run, shard)
        )

    def mark_done(self, document: str, run: int, page: int, mark: DoneMark) -> Shard | None:
        """Mark a page as read, unless it failed before."""
        return _of(
            run,
            self._mark(document, shard_of(page), lambda one: lives.mark_done(one, run, page, mark)),
        )

    def mark_failed(self, document: str, run: int, page: int, mark: FailedMark) -> Shard | None:
        """Mark a page as failed, unless it is done."""
        return _of(
            run,
            self._mark(
                document, shard_of(page), lambda one: lives.mark_failed(one, run, page, mark)
            ),
        )

    def mark_heavy(self, document: str, run: int, page: int, moment: int) -> int | None:
        """Note that the heavy lane begins this page at ``moment``; return when it began first."""
        found = self._mark(
            document, shard_of(page), lambda one: lives.mark_heavy(one, run, page, moment)
        )
        return found.heavy.get(page) if found and found.run == run else None

    def mark_tried(self, document: str, run: int, page: int, attempt: int) -> int | None:
        """Note that this delivery begins a page in its own lane; return the first one noted."""
        found = self._mark(
            document, shard_of(page), lambda one: lives.mark_tried(one, run, page, attempt)
        )
        return found.tried.get(page) if found and found.run == run else None

    def _ends(self) -> tuple[int, int | None]:
        """Return the time, and until when what ends now is kept."""
        now = self._clock.now()
        return now, None if self._retain is None else now + self._retain

    def _changed(
        self, document: str, life: Callable[[Document], Document | None]
    ) -> Document | None:
        """Return the document after a change, None where it was refused."""
        with self._database.changing() as connection:
            return self._change(connection, document, life)

    def _left(self, document: str, life: Callable[[Document], Document | None]) -> Document | None:
        """Return the document as it is after a change that may have been refused."""
        with self._database.changing() as connection:
            return self._change(connection, document, life) or _document(connection, document)

    def _change(
        self,
        connection: Connection,
        document: str,
        life: Callable[[Document], Document | None],
    ) -> Document | None:
        found = _document(connection, document)
        after = life(found) if found else None
        if after is None:
            return None
        after = replace(after, updated_at=self._clock.now())
        _put(connection, after)
        return after

    def _mark(
        self, document: str, number: int, life: Callable[[Shard], Shard | None]
    ) -> Shard | None:
        """Return a shard as it is after a change that may have been refused."""
        with self._database.changing() as connection:
            found = _shard(connection, document, number)
            after = life(found) if found else None
            return _put_shard(connection, after) if after else found


def _of(run: int, shard: Shard | None) -> Shard | None:
    return shard if shard and shard.run == run else None


def _document(connection: Connection, document: str) -> Document | None:
    row = connection.execute("SELECT record FROM documents WHERE id = ?", (document,)).fetchone()
    return records.document_from(document, json.loads(row[0])) if row else None


def _put(connection: Connection, document: Document) -> None:
    record = _json(records.document_map(document))
    sorts = (document.tenant, document.state.value, document.created_at, document.deadline)
    connection.execute(_PUT, (document.id, *sorts, record))


def _shard(connection: Connection, document: str, number: int) -> Shard | None:
    row = connection.execute(
        "SELECT record FROM shards WHERE document = ? AND number = ?", (document, number)
    ).fetchone()
    return records.shard_from(document, number, json.loads(row[0])) if row else None


def _put_shard(connection: Connection, shard: Shard) -> Shard:
    record = _json(records.shard_map(shard))
    connection.execute(_PUT_SHARD, (shard.document, shard.number, record))
    return shard


def _json(record: records.Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _cursor(last: Document) -> str:
    text = json.dumps([last.created_at, last.id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _start(cursor: str) -> tuple[int, str]:
    try:
        created_at, document = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not (0 <= created_at < _LATEST and document and isinstance(document, str)):
            raise ValueError(cursor)
        return int(created_at), document
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise InvalidRequest("The cursor is not one that this listing gave.") from error
