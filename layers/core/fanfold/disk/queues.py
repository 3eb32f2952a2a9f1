"""Queues in SQLite, as SQS has them: visibility, counted deliveries, redrive, fairness.

A worker that receives a message has it until it is deleted, released, or its time is over. What
was delivered too often goes to the queue behind. Groups take turns, so that a short document does
not wait for all pages of a long one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from fanfold.disk.database import Database
from fanfold.ports import Clock

_NEXT = """
SELECT id, body, receives FROM messages WHERE queue = ? AND visible_at <= ?
ORDER BY turn, id LIMIT 1
"""
_LAST_TURN = """
SELECT max(
    coalesce((
        SELECT turn FROM messages WHERE queue = :queue AND visible_at <= :now
        ORDER BY turn, id LIMIT 1
    ), 0),
    coalesce((SELECT max(turn) FROM messages WHERE queue = :queue AND share = :share), 0)
)
"""
"""The turn before the next of a group: its last one, but none before that of the others now."""
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

    def send(self, bodies: Iterable[str], *, group: str) -> None:
        """Send every body, or none: raise Unavailable then."""
        now = self._clock.now()
        with self._database.changing() as connection:
            names = {"queue": self.name, "share": group, "now": now}
            (turn,) = connection.execute(_LAST_TURN, names).fetchone()
            connection.executemany(
                "INSERT INTO messages (queue, share, body, visible_at, turn)"
                " VALUES (?, ?, ?, ?, ?)",
                ((self.name, group, body, now, turn + n) for n, body in enumerate(bodies, 1)),
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
                id_, body, receives = row
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
                f"UPDATE messages SET visible_at = ?, receives = receives - ? WHERE {_IN_WORK}",
                (
                    self._clock.now() + int(seconds * 1000),
                    0 if counted else 1,
                    self.name,
                    message.id,
                    message.receives,
                ),
            )

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


def release_all(database: Database, clock: Clock, worker: str | None = None) -> None:
    """Let what a dead worker had in work be received again; None: what any worker had."""
    now = clock.now()
    with database.changing() as connection:
        connection.execute(
            "UPDATE messages SET visible_at = ? WHERE visible_at > ? AND receives > 0"
            " AND worker IS NOT NULL AND (worker = ? OR ? IS NULL)",
            (now, now, worker, worker),
        )
