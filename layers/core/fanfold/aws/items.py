"""The table's items ↔ the model. The only place that knows the table's keys.

META   pk ``DOC#{id}``         sk ``META``; ``tenant_created`` sorts those of a state
SHARD  pk ``DOC#{id}#S{k:04}`` sk ``SHARD``
SAME   pk ``SAME#{tenant}#{sha256}#{options}`` sk ``SAME``: the document that answers them.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from fanfold.model import Document, Options, Shard
from fanfold.records import Record, asked, document_map, shard_map
from fanfold.records import document_from as _document_from
from fanfold.records import shard_from as _shard_from

_MILLISECONDS = 1000
ACTIVE: Final = "1"
"""Value of ``active`` on live documents: the sparse index of the sweep holds only these."""


def meta_key(document: str) -> dict[str, str]:
    """Return the key of a document's META item."""
    return {"pk": f"DOC#{document}", "sk": "META"}


def tenant_created(tenant: str, created_at: int | None = None) -> str:
    """Return what sorts the documents of a state; what those of a tenant begin with if no time."""
    return f"{tenant}#" + ("" if created_at is None else f"{created_at:015}")


def shard_key(document: str, number: int) -> dict[str, str]:
    """Return the key of a SHARD item."""
    return {"pk": f"DOC#{document}#S{number:04}", "sk": "SHARD"}


def same_key(tenant: str, sha256: str, options: Options) -> dict[str, str]:
    """Return the key of the SAME item for content and options."""
    digest = hashlib.sha256(asked(options).encode()).hexdigest()[:16]
    return {"pk": f"SAME#{tenant}#{sha256}#{digest}", "sk": "SAME"}


def id_of(item: Record) -> str:
    """Return the id of the document that a META item is of."""
    return str(item["pk"]).removeprefix("DOC#")


def document_item(document: Document) -> dict[str, Any]:
    """Write a document as its META item, with sets that an update can add to."""
    item = {**meta_key(document.id), **document_map(document)}
    item["tenant_created"] = tenant_created(document.tenant, document.created_at)
    item["document"] = document.id  # for whoever reads the table's stream
    if kept_until := item.pop("kept_until", None):
        item["ttl"] = seconds(kept_until)
    item |= {name: set(item[name]) for name in ("fanned", "shards_done") if name in item}
    if document.state.live:  # and ended ones until they are buried: an update keeps it
        item["active"] = ACTIVE
    return item


def document_from(item: Record) -> Document:
    """Read a META item."""
    kept = {"kept_until": int(item["ttl"]) * _MILLISECONDS} if "ttl" in item else {}
    return _document_from(id_of(item), {**item, **kept})


def seconds(moment: int) -> int:
    """Return a moment as DynamoDB's TTL wants it: whole seconds since the epoch."""
    return moment // _MILLISECONDS


def shard_item(shard: Shard, kept_until: int | None = None) -> dict[str, Any]:
    """Write a shard as its item."""
    kept = {} if kept_until is None else {"ttl": seconds(kept_until)}
    return {**shard_key(shard.document, shard.number), **shard_map(shard), **kept}


def shard_from(item: Record) -> Shard:
    """Read a SHARD item."""
    document, _, number = str(item["pk"]).removeprefix("DOC#").rpartition("#S")
    return _shard_from(document, int(number), item)
