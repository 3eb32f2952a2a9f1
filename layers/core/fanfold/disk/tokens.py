"""Tokens and what tenants have had, in SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Connection

from fanfold.access import Token, token_from, token_map
from fanfold.disk.database import Database

_DAYS = 7
"""How many of a tenant's days are kept: for people to look at."""


class DiskTokens:
    """The TokenStore of the ports in one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, token: Token) -> None:
        """Write a new token."""
        with self._database.changing() as connection:
            _put(connection, token)

    def get(self, digest: str) -> Token | None:
        """Read a token as of now."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT record FROM tokens WHERE digest = ?", (digest,)
            ).fetchone()
        return token_from(digest, json.loads(row[0])) if row else None

    def all(self) -> Sequence[Token]:
        """Read every token."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT digest, record FROM tokens").fetchall()
        return [token_from(digest, json.loads(record)) for digest, record in rows]

    def revoke(self, token: Token, moment: int) -> Token:
        """Note that a token is revoked, if it is not; return it as it is now."""
        with self._database.changing() as connection:
            found = self.get(token.digest) or token
            after = replace(found, revoked_at=found.revoked_at or moment)
            _put(connection, after)
        return after

    def used(self, token: Token, moment: int) -> None:
        """Note that a token was shown."""
        with self._database.changing() as connection:
            if found := self.get(token.digest):
                _put(connection, replace(found, used_at=moment))


class DiskLedger:
    """The Ledger of the ports in one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def charge(self, tenant: str, day: str, size: int, limit: int) -> bool:
        """Add bytes to a tenant's day, all or, beyond the limit, none."""
        with self._database.changing() as connection:
            row = connection.execute(
                "SELECT bytes FROM charges WHERE tenant = ? AND day = ?", (tenant, day)
            ).fetchone()
            after = (row[0] if row else 0) + size
            if after > limit:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO charges VALUES (?, ?, ?)", (tenant, day, after)
            )
            connection.execute(
                "DELETE FROM charges WHERE day < date(?, ?)", (day, f"-{_DAYS} days")
            )
        return True


def _put(connection: Connection, token: Token) -> None:
    record = json.dumps(token_map(token))
    connection.execute("INSERT OR REPLACE INTO tokens VALUES (?, ?)", (token.digest, record))
