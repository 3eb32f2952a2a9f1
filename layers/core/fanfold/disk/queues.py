"""Queues in SQLite, as SQS has them: visibility, counted deliveries, redrive, fairness.

A worker that receives a message has it until it is deleted, released, or its time is over. What
was delivered too often goes to the queue behind. Messages of different groups take turns: each has
the turn after the last one of its group, and none before the one that is next. So a document of
one page does not wait for all pages of a long one, and no stream of short ones stops that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from fanfold.disk.database import Database
from fanfold.ports import Clock

_NEXT = (
    "SELECT id, body, receives, turn FROM messages"
    " WHERE queue = ? AND visible_at <= ? ORDER BY turn, id LIMIT 1"
)
_IN_WORK = "queue = ? AND id = ? AND receives = ?"


@dataclass(frozen=True, slots=True)
class Received:
    """A message in work; ``receives`` counts its deliveries with this one."""

    id: int
    body: str
    receives: int


class DiskQueue:
    """One queue. ``maximum_receives`` deliveries, then a message moves to the queue ``dead``.

    ``visibility`` in seconds.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        name: str,
        *,
        visibility: float = 30.0,
        maximum_receives: int | None = None,
        dead: str | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self.name = name
        self._visibility = int(visibility * 1000)
        self._maximum_receives = maximum_receives
        self._dead = dead

    def send(self, bodies: Iterable[str], *, group: str, delay: int = 0) -> None:
        """Send every body, or none: raise Unavailable then."""
        now = self._clock.now()
        with self._database.changing() as connection:
            turn = self._last_turn(connection, group, now)
            connection.executemany(
                "INSERT INTO messages (queue, share, body, visible_at, turn)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    (self.name, group, body, now + delay * 1000, turn + n)
                    for n, body in enumerate(bodies, 1)
                ),
            )

    def waiting(self) -> int:
        """Return how many messages wait to be received."""
        with self._database.reading() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM messages WHERE queue = ? AND visible_at <= ?",
                (self.name, self._clock.now()),
            ).fetchone()
        return int(count)

    def receive(self, worker: str = "", limit: int | None = None) -> Received | None:
        """Take the next message into work, None if there is none, or if ``limit`` are already."""
        with self._database.changing() as connection:
            now = self._clock.now()
            if limit is not None and self._in_work(connection, now) >= limit:
                return None
            while True:
                row = connection.execute(_NEXT, (self.name, now)).fetchone()
                if row is None:
                    return None
                id_, body, receives, _ = row
                if self._dead and receives >= (self._maximum_receives or receives + 1):
                    # The count goes along, as with SQS; those behind have turns of their own.
                    connection.execute(
                        "UPDATE messages SET queue = ?, visible_at = ?, turn = 0 WHERE id = ?",
                        (self._dead, now, id_),
                    )
                    continue
                connection.execute(
                    "UPDATE messages SET receives = receives + 1, visible_at = ?, worker = ?"
                    " WHERE id = ?",
                    (now + self._visibility, worker, id_),
                )
                return Received(id_, body, receives + 1)

    def delete(self, message: Received) -> None:
        """Remove a message that is done; no error where it was given to somebody else since."""
        with self._database.changing() as connection:
            connection.execute(
                f"DELETE FROM messages WHERE {_IN_WORK}",
                (self.name, message.id, message.receives),
            )

    def release(self, message: Received, seconds: float = 0.0, *, counted: bool = True) -> None:
        """Let a message be received again after ``seconds``; ``counted``: as a delivery."""
        with self._database.changing() as connection:
            connection.execute(
                "UPDATE messages SET visible_at = ?, receives = receives - ?, worker = NULL"
                f" WHERE {_IN_WORK}",
                (
                    self._clock.now() + int(seconds * 1000),
                    0 if counted else 1,
                    self.name,
                    message.id,
                    message.receives,
                ),
            )

    def _last_turn(self, connection: Connection, group: str, now: int) -> int:
        next_ = connection.execute(_NEXT, (self.name, now)).fetchone()
        (last,) = connection.execute(
            "SELECT max(turn) FROM messages WHERE queue = ? AND share = ?", (self.name, group)
        ).fetchone()
        return max(next_[3] if next_ else 0, last or 0)

    def _in_work(self, connection: Connection, now: int) -> int:
        (count,) = connection.execute(
            "SELECT count(*) FROM messages WHERE queue = ? AND visible_at > ? AND receives > 0",
            (self.name, now),
        ).fetchone()
        return int(count)


def waiting(database: Database, clock: Clock) -> dict[str, int]:
    """Return how many messages wait to be received, by queue; those without any are left out."""
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT queue, count(*) FROM messages WHERE visible_at <= ? GROUP BY queue",
            (clock.now(),),
        ).fetchall()
    return {str(queue): int(count) for queue, count in rows}


def in_work(database: Database, clock: Clock) -> set[str]:
    """Return the workers that have a message in work."""
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT DISTINCT worker FROM messages WHERE visible_at > ? AND receives > 0"
            " AND worker IS NOT NULL",
            (clock.now(),),
        ).fetchall()
    return {str(worker) for (worker,) in rows}


def release_all(database: Database, clock: Clock, worker: str | None = None) -> None:
    """Let what a dead worker had in work be received again; None: what any worker had."""
    now = clock.now()
    with database.changing() as connection:
        connection.execute(
            "UPDATE messages SET visible_at = ? WHERE visible_at > ? AND receives > 0"
            " AND worker IS NOT NULL AND (worker = ? OR ? IS NULL)",
            (now, now, worker, worker),
        )
