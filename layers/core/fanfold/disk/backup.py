"""Copies a data folder while a service works in it, and puts such a copy back.

A copy is a data folder itself. Files of objects are written once, so most of them are copied while
work goes on; then nobody writes for a moment, in which the database is copied with the files that
came since. The copy has its database when it is whole, not before.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection

from fanfold.disk.checkup import check, leftovers, opened
from fanfold.disk.database import copy_to

_FILES_BESIDE = ("key", "token")
_SECONDS = 60.0
"""How long to wait for whoever writes."""


class Refused(Exception):
    """There is nothing to copy, no place for it, or it is not sound; says what."""


def backup(data: Path, target: Path) -> None:
    """Copy a data folder, whether a service works in it or not; raise Refused."""
    if not (data / "database").exists():
        raise Refused(f"There are no data in {data}.")
    if data.resolve() in (target.resolve(), *target.resolve().parents):
        raise Refused(f"{target} is in the data folder, and would be lost with it.")
    with _filling(target) as database, closing(opened(data)) as reader:
        last = _take_files(reader, data, target, since=0)
        with _nobody_writes(data):
            copy_to(reader, database)
            _take_files(reader, data, target, since=last)
        _take_beside(data, target)


def restore(copy: Path, target: Path) -> None:
    """Put a copy into a new data folder; raise Refused where it is not whole."""
    if not (copy / "database").exists():
        raise Refused(f"There is no whole backup in {copy}.")
    _check(copy)
    with _filling(target) as database, closing(opened(copy)) as reader:
        _take_files(reader, copy, target, since=0)
        copy_to(reader, database)
        _take_beside(copy, target)


@contextmanager
def _filling(target: Path) -> Iterator[Path]:
    """Give the place of the database in an empty folder; what was put there counts at the end."""
    if target.exists() and any(target.iterdir()):
        raise Refused(f"{target} is not empty.")
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target / "database.copy"
        yield part
        with closing(sqlite3.connect(part)) as connection:
            for path in leftovers(connection, target / "objects"):
                path.unlink()  # of objects that were deleted meanwhile
        os.sync()
        part.replace(target / "database")
        _check(target)
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, OSError | sqlite3.Error):
            raise Refused(f"{target} could not be filled: {error}") from error
        raise


def _check(folder: Path) -> None:
    problems = check(folder).problems
    if problems:
        raise Refused(f"{folder} is not sound: " + "; ".join(problems[:3]))


@contextmanager
def _nobody_writes(data: Path) -> Iterator[None]:
    with closing(sqlite3.connect(data / "database", _SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def _take_files(connection: Connection, data: Path, target: Path, *, since: int) -> int:
    """Take the files of all versions after ``since``; return the last of these.

    Some may be gone, where work goes on: their objects are deleted.
    """
    last = since
    for version, file in connection.execute(
        "SELECT version, file FROM objects WHERE version > ? ORDER BY version", (since,)
    ):
        with suppress(FileNotFoundError):
            _take(data / "objects" / file, target / "objects" / file)
        last = version
    return last


def _take(source: Path, target: Path) -> None:
    """Link a file that is never written again, or copy it to another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # of an object that was deleted, whose name is used again
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one without links
        shutil.copy2(source, target)


def _take_beside(data: Path, target: Path) -> None:
    for name in _FILES_BESIDE:
        if (data / name).exists():
            shutil.copy2(data / name, target / name)
