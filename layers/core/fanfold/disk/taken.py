"""Which files of a watched folder were taken, each as one document.

Of a path there is a digest alone: when its document is deleted, its name goes with it, and the
file, where it still lies there, is not taken again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from fanfold.disk.database import Database
from fanfold.disk.formats import digest_of
from fanfold.model import State


@dataclass(frozen=True, slots=True)
class Look:
    """What a file was like when it was looked at: bytes, and nanoseconds since the epoch."""

    size: int
    changed_at: int


class Taken:
    """The list, in one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, path: str) -> Look | None:
        """Return what the file was like when it was taken, None if it never was."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT size, changed_at FROM taken WHERE digest = ?", (digest_of(path),)
            ).fetchone()
        return Look(*row) if row else None

    def note(self, connection: Connection, path: str, look: Look, document: str) -> None:
        """Put a file on the list, in the transaction that takes it."""
        connection.execute(
            "INSERT OR REPLACE INTO taken VALUES (?, ?, ?, ?, 0)",
            (digest_of(path), look.size, look.changed_at, document),
        )

    def untold(self, limit: int) -> Sequence[str]:
        """Return documents that have come to their end, or were deleted, and are not told of."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM taken JOIN documents ON id = document"
                " WHERE told = 0 AND (deadline IS NULL OR state = ?) LIMIT ?",
                (State.DELETED.value, limit),
            ).fetchall()
        return [document for (document,) in rows]

    def told(self, document: str, state: State) -> None:
        """Note that everything was told of a document in a state, unless it went on since."""
        with self._database.changing() as connection:
            connection.execute(
                "UPDATE taken SET told = 1 WHERE document = ?"
                " AND EXISTS (SELECT 1 FROM documents WHERE id = document AND state = ?)",
                (document, state.value),
            )


def tell_again(connection: Connection, document: str) -> None:
    """Have whoever watches a folder look at a document once more."""
    connection.execute("UPDATE taken SET told = 0 WHERE document = ?", (document,))
