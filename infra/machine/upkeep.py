"""What is done with a data folder besides serving from it."""

from __future__ import annotations

import time
from pathlib import Path

from fanfold.bootstrap import SystemClock
from fanfold.disk import backup as backups
from fanfold.disk import stores
from fanfold.disk.backup import Refused, backup
from fanfold.disk.checkup import Checkup, check
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.ports import Clock
from fanfold.stages.removal import Delete

__all__ = ["Checkup", "Refused", "backup", "check"]

OUTBOX = "outbox"
"""The folder of the data folder that shows results, where no other is named."""
_DAY = 24 * 3600
_COPY_SECONDS = 7 * _DAY
"""How long the copy is kept that was made before the data were brought to a later format."""
_AT_ONCE = 100


def restore(copy: Path, data: Path) -> None:
    """Put a backup into a new data folder, with its outbox; raise Refused."""
    backups.restore(copy, data)
    database = stores.database(data)
    stores.objects(data, database, SystemClock(), data / OUTBOX).show()
    database.close()


def forget(data: Path, database: Database, documents: DiskDocuments) -> None:
    """Remove what is only kept for a while; raise Unavailable."""
    documents.forget()
    for copy in data.glob("database.format-*"):
        if time.time() - copy.stat().st_mtime > _COPY_SECONDS:
            copy.unlink()
    database.wipe()


def expire(documents: DiskDocuments, delete: Delete, clock: Clock, days: int) -> None:
    """Remove the documents that ended so many days ago; raise Unavailable."""
    before = clock.now() - days * _DAY * 1000
    while due := documents.ended(before, _AT_ONCE):
        for document in due:
            delete(document.tenant, document.id)
