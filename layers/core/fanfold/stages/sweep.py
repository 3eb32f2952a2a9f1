"""Sweep: what stands still past its deadline is resumed, at most twice, then ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fanfold.errors import Stalled
from fanfold.messages import ObjectCreated, PageMessage, encode, encode_arrival
from fanfold.model import Document, Shard, State
from fanfold.ports import Clock, DocumentStore, ObjectStore
from fanfold.stages import outcome, removal, shards
from fanfold.stages.backlog import SweepQueues, is_waiting
from fanfold.stages.intake import queue_shards
from fanfold.stages.lost import end_waiting
from fanfold.stages.progress import advance, deadline, request_assembly, selected, shards_of

RESUMPTIONS: Final = 2
"""How often a document that stands still is resumed before it is ended."""

_DUE_AT_ONCE: Final = 100


def sweep(*, store: DocumentStore, objects: ObjectStore, queues: SweepQueues, clock: Clock) -> int:
    """Look at every document whose deadline has passed; return how many there were.

    The deadline moves before anything else happens: two sweeps never resume the same document,
    and one that cannot be resumed does not stand in the way of the others.
    """
    due = store.due(clock.now(), _DUE_AT_ONCE)
    for document in due:
        if document.state is State.UPLOADING:
            store.expire(document.id)
        elif document.state.live:
            _resume(document, store, objects, queues, clock)
        else:
            _finish(document, store, objects, clock)
    return len(due)


def _finish(document: Document, store: DocumentStore, objects: ObjectStore, clock: Clock) -> None:
    """Do what is left to do of a document that was deleted, or has ended unheard."""
    now = store.resumed(document, deadline=deadline(clock), progress=0, sweeps=0, waits=0)
    if now and now.state is State.DELETED:
        removal.sweep_up(now, store=store, objects=objects)
    elif now:
        outcome.publish(now, store=store, objects=objects)


def _resume(
    document: Document,
    store: DocumentStore,
    objects: ObjectStore,
    queues: SweepQueues,
    clock: Clock,
) -> None:
    found = [shard for shard in store.shards(document) if shard.run == document.run]
    progress = sum(len(shard.pages) - len(shard.waiting) for shard in found)
    sweeps, waits = _counts(document, progress, queues)
    now = store.resumed(
        document, deadline=deadline(clock), progress=progress, sweeps=sweeps, waits=waits
    )
    if now is None or waits:
        return
    if now.state is State.PROCESSING:
        if sweeps > RESUMPTIONS:
            _give_up_pages(now, store, queues, clock)
        elif sweeps:
            _resume_pages(now, found, store, queues, clock)
    elif sweeps > RESUMPTIONS:
        outcome.fail(now, Stalled(), store=store, objects=objects)
    elif now.state is State.ASSEMBLING:
        request_assembly(now, queues.assemble)
    elif now.source:
        source = now.source
        event = ObjectCreated(objects.bucket, source.key, source.version, source.size)
        queues.intake.send([encode_arrival(event)], group=now.tenant)


def _counts(document: Document, progress: int, queues: SweepQueues) -> tuple[int, int]:
    """Return how often the document was found standing still, and how often waiting, since."""
    moved = progress > document.progress
    if moved and document.state is State.PROCESSING:
        return 0, 0  # nothing is sent again, wherever it waits
    sweeps, waits = (0, 0) if moved else (document.sweeps, document.waits)
    if is_waiting(document.state, waits, queues):
        return sweeps, waits + 1
    return (0 if moved else sweeps + 1), 0


def _resume_pages(
    document: Document,
    found: Sequence[Shard],
    store: DocumentStore,
    queues: SweepQueues,
    clock: Clock,
) -> None:
    queue_shards(document, queues.split)
    for shard in found:
        if shard.number in document.fanned:
            queues.page.send(
                (encode(PageMessage(document.id, document.run, page)) for page in shard.waiting),
                group=document.tenant,
            )
        advance(shard, document, store=store, assemble=queues.assemble, clock=clock)


def _give_up_pages(
    document: Document, store: DocumentStore, queues: SweepQueues, clock: Clock
) -> None:
    """End every page without a mark as lost; the document goes on to PARTIAL with the others."""
    for number in shards_of(selected(document)):
        shard = shards.current(document, number, store)
        if shard:
            end_waiting(document, shard, store=store, assemble=queues.assemble, clock=clock)
