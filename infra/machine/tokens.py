"""The tokens of a data folder, whether a service works in it or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fanfold.access import TENANT, Scope, Token
from fanfold.bootstrap import SystemClock
from fanfold.disk import stores
from fanfold.disk.database import Database
from fanfold.disk.formats import NewerFormat
from fanfold.disk.tokens import DiskTokens
from fanfold.ports import Clock
from fanfold.stages.tokens import Tokens
from infra.machine.data import DataError, check_place

_BEFORE = "token"
"""The file that held the digest of the one token, before there were more."""


@contextmanager
def opened(folder: Path) -> Iterator[Tokens]:
    """Give what knows the tokens of a data folder; raise DataError."""
    check_place(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = stores.database(folder, durable=True)
    except (NewerFormat, OSError) as error:
        raise DataError(str(error)) from error
    try:
        yield Tokens(DiskTokens(database), SystemClock())
    finally:
        database.close()


def first(folder: Path, database: Database, clock: Clock) -> str | None:
    """Make a token where none is that lets anybody in, and return its text; else None.

    That of a folder of before is taken over.
    """
    store = DiskTokens(database)
    if (before := folder / _BEFORE).exists():
        store.put(Token(before.read_text().strip(), TENANT, TENANT, tuple(Scope), clock.now()))
        before.unlink()
    if any(token.revoked_at is None for token in store.all()):
        return None
    text, _ = Tokens(store, clock).create(TENANT, "first", tuple(Scope))
    return text
