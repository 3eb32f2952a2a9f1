"""Shards: how they begin, and how a later run takes them over."""

from __future__ import annotations

from dataclasses import replace

from fanfold import ranges
from fanfold.model import FAILED_PAGES, Document, Shard, shard_of
from fanfold.ports import DocumentStore
from fanfold.stages.progress import selected


def current(document: Document, number: int, store: DocumentStore) -> Shard | None:
    """Return a shard in the document's run: made if absent, taken over from an earlier run.

    None where a later run has it, or where the document was deleted meanwhile.
    """
    shard = store.open_shard(fresh(document, number))
    if shard and shard.run < document.run:
        shard = store.take_over(shard.run, carried(document, shard))
    return shard if shard and shard.run == document.run else None


def fresh(document: Document, number: int) -> Shard:
    """Return a shard of the document as it begins: its selected pages, no marks."""
    return Shard(
        document=document.id,
        number=number,
        run=document.run,
        pages=tuple(page for page in selected(document) if shard_of(page) == number),
    )


def carried(document: Document, shard: Shard) -> Shard:
    """Return an earlier run's shard as the document's run begins with it.

    Pages that are not read anew keep their marks; a done mark names the run of its result.
    """
    if document.redo == FAILED_PAGES:
        again = set(shard.failed)
    else:
        again = set(ranges.expand(document.redo, document.document_pages))
    return replace(
        shard,
        run=document.run,
        done={page: mark for page, mark in shard.done.items() if page not in again},
        failed={page: mark for page, mark in shard.failed.items() if page not in again},
        heavy={},
        tried={},
    )
