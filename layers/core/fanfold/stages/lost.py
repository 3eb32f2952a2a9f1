"""Lost: a dead letter becomes a failed page or a failed document, with a reason.

One function per dead-letter queue. Each raises BadMessage for a letter that nobody can read; it
stays in its queue, where an alarm points to it, until its retention ends.
"""

from __future__ import annotations

from fanfold.errors import PageLost, Undeliverable, WorkerKilled
from fanfold.messages import (
    AssembleMessage,
    PageMessage,
    SplitMessage,
    decode,
    object_created,
)
from fanfold.model import Document, FailedMark, Options, Shard, State, shard_of
from fanfold.ports import Clock, DocumentStore, ObjectStore, Queue
from fanfold.stages import heavy, outcome, shards
from fanfold.stages.intake import identify
from fanfold.stages.progress import advance, under_way


def lose_arrival(
    body: str,
    *,
    store: DocumentStore,
    objects: ObjectStore,
    clock: Clock,
    defaults: Options,
) -> None:
    """End the document whose arrival could not be handled; ``body`` is S3's event."""
    event = object_created(body)
    document = identify(event, store=store, clock=clock, defaults=defaults) if event else None
    if document and document.state is State.QUEUED:  # otherwise it did arrive, and is going on
        _end(document, "intake", store, objects)


def lose_shard(body: str, *, store: DocumentStore, assemble: Queue, clock: Clock) -> None:
    """Fail the pages of a shard that could not be cut."""
    message = decode(SplitMessage, body)
    document = under_way(message, store, assemble)
    if document is None:
        return
    shard = shards.current(document, message.shard, store)
    if shard:
        end_waiting(document, shard, store=store, assemble=assemble, clock=clock)


def lose_page(
    body: str, *, store: DocumentStore, assemble: Queue, clock: Clock, exclusive: bool = False
) -> None:
    """Fail a page whose worker died in the heavy lane, too.

    Raises Unavailable while another worker may still be reading it. ``exclusive`` says that this
    cannot be.
    """
    message = decode(PageMessage, body)
    document = under_way(message, store, assemble)
    if document:
        _wait_for_reader(message, store, clock, exclusive=exclusive)
        mark = FailedMark(WorkerKilled.code, attempt=0)
        shard = store.mark_failed(document.id, document.run, message.page, mark)
        if shard:
            advance(shard, document, store=store, assemble=assemble, clock=clock)


def lose_assembly(body: str, *, store: DocumentStore, objects: ObjectStore) -> None:
    """End a document that could not be folded; its pages stay readable one by one."""
    message = decode(AssembleMessage, body)
    document = store.get(message.document)
    if document and document.run == message.run and document.state is State.ASSEMBLING:
        _end(document, "assemble", store, objects)


def _wait_for_reader(
    message: PageMessage, store: DocumentStore, clock: Clock, *, exclusive: bool
) -> None:
    """Raise Unavailable while whoever began the page may be reading it.

    Where nobody did, nobody will from now on: this delivery takes the page's one beginning.
    """
    shard, now = store.shard(message.document, shard_of(message.page)), clock.now()
    if shard and message.page in shard.waiting:
        begun = store.mark_heavy(message.document, message.run, message.page, now)
        if begun is not None:
            heavy.is_over(begun, now, attempt=2, exclusive=exclusive)


def end_waiting(
    document: Document, shard: Shard, *, store: DocumentStore, assemble: Queue, clock: Clock
) -> None:
    """Give up a shard's pages that have no mark, and see what follows."""
    for page in shard.waiting:
        mark = FailedMark(PageLost.code, attempt=0)
        shard = store.mark_failed(document.id, document.run, page, mark) or shard
    advance(shard, document, store=store, assemble=assemble, clock=clock)


def _end(document: Document, step: str, store: DocumentStore, objects: ObjectStore) -> None:
    error = Undeliverable(f"The step “{step}” died on this document again and again.")
    outcome.fail(document, error, store=store, objects=objects)
