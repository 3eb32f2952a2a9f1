"""Documents, objects and queues in a data folder.

``database``   documents, queues and the index of the objects, with SQLite's own files beside it
``objects/``   what the objects hold, under their keys
``key``        what links are signed with, and passwords encrypted
``search``     the index of all words, which can be made anew at any time
"""

from __future__ import annotations

from pathlib import Path

from fanfold import keys
from fanfold.access import TENANT
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.disk.index import DiskIndex
from fanfold.disk.links import Links, secret
from fanfold.disk.objects import DiskObjects
from fanfold.disk.queues import DiskQueue
from fanfold.disk.secrets import DiskSecrets
from fanfold.disk.tokens import DiskLedger, DiskTokens
from fanfold.disk.webhooks import DiskWebhooks
from fanfold.messages import ObjectCreated, encode_arrival
from fanfold.ports import Clock, ObjectInfo, Stores

BUCKET = "disk"
_ARRIVALS = (keys.INBOX, keys.UPLOADS)


def database(data: Path, *, durable: bool = False) -> Database:
    """Open the database of a data folder, which is made where there is none; raise NewerFormat."""
    data.mkdir(parents=True, exist_ok=True)
    return Database(data / "database", durable=durable)


def objects(
    data: Path, index: Database, clock: Clock, outbox: Path | None, *, durable: bool = True
) -> DiskObjects:
    """Open the objects of a data folder; what is put below ``inbox/`` or ``uploads/`` is news."""
    intake = DiskQueue(index, clock, "intake")

    def tell(info: ObjectInfo) -> None:
        if info.key.startswith(_ARRIVALS):
            news = ObjectCreated(BUCKET, info.key, info.version, info.size)
            intake.send([encode_arrival(news)], group=TENANT)

    return DiskObjects(
        index,
        data / "objects",
        Links(secret(data / "key"), clock),
        bucket=BUCKET,
        outbox=outbox,
        arrived=tell,
        durable=durable,
    )


def build(
    data: Path, index: Database, clock: Clock, outbox: Path | None, *, durable: bool = True
) -> Stores:
    """Take what is in a data folder, whose database is open.

    ``durable``: what objects hold is on the disk before anybody knows of them.
    """
    documents = DiskDocuments(index, clock)
    there = objects(data, index, clock, outbox, durable=durable)
    return Stores(
        documents=documents,
        objects=there,
        queue=lambda step: DiskQueue(index, clock, step),
        tokens=DiskTokens(index),
        ledger=DiskLedger(index),
        secrets=DiskSecrets(there, lambda: secret(data / "key")),
        webhooks=DiskWebhooks(index),
        index=DiskIndex(data, index, documents, there),
    )
