"""The table's items ↔ the model. The only place that knows the table's keys.

META   pk ``DOC#{id}``         sk ``META``
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

ACTIVE: Final = "1"
"""Value of ``active`` on live documents: the sparse index of the sweep holds only these."""


def meta_key(document: str) -> dict[str, str]:
    """Return the key of a document's META item."""
    return {"pk": f"DOC#{document}", "sk": "META"}


def shard_key(document: str, number: int) -> dict[str, str]:
    """Return the key of a SHARD item."""
    return {"pk": f"DOC#{document}#S{number:04}", "sk": "SHARD"}


def same_key(tenant: str, sha256: str, options: Options) -> dict[str, str]:
    """Return the key of the SAME item for content and options."""
    digest = hashlib.sha256(asked(options).encode()).hexdigest()[:16]
    return {"pk": f"SAME#{tenant}#{sha256}#{digest}", "sk": "SAME"}


def document_item(document: Document) -> dict[str, Any]:
    """Write a document as its META item, with sets that an update can add to."""
    item = {**meta_key(document.id), **document_map(document)}
    item |= {name: set(item[name]) for name in ("fanned", "shards_done") if name in item}
    if document.state.live:  # and ended ones until they are buried: an update keeps it
        item["active"] = ACTIVE
    return item


def document_from(item: Record) -> Document:
    """Read a META item."""
    return _document_from(str(item["pk"]).removeprefix("DOC#"), item)


def shard_item(shard: Shard) -> dict[str, Any]:
    """Write a shard as its item."""
    return {**shard_key(shard.document, shard.number), **shard_map(shard)}


def shard_from(item: Record) -> Shard:
    """Read a SHARD item."""
    document, _, number = str(item["pk"]).removeprefix("DOC#").rpartition("#S")
    return _shard_from(document, int(number), item)
