"""What is done with a data folder besides serving from it."""

from __future__ import annotations

import time
from pathlib import Path

from fanfold.disk.checkup import Checkup, check
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.ports import Clock
from fanfold.stages.removal import Removal

__all__ = ["Checkup", "check"]

_DAY = 24 * 3600
_COPY_SECONDS = 7 * _DAY
"""How long the copy is kept that was made before the data were brought to a later format."""
_AT_ONCE = 100


def forget(data: Path, database: Database, documents: DiskDocuments) -> None:
    """Remove what is only kept for a while; raise Unavailable."""
    documents.forget()
    for copy in data.glob("database.format-*"):
        if time.time() - copy.stat().st_mtime > _COPY_SECONDS:
            copy.unlink()
    database.wipe()


def expire(documents: DiskDocuments, remove: Removal, clock: Clock, days: int) -> None:
    """Remove the documents that ended so many days ago; raise Unavailable."""
    before = clock.now() - days * _DAY * 1000
    while due := documents.ended(before, _AT_ONCE):
        for document in due:
            remove(document.tenant, document.id)
