"""Sweep: what stands still past its deadline is resumed, at most twice, then ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fanfold import keys
from fanfold.errors import Stalled
from fanfold.messages import ObjectCreated, PageMessage, encode, encode_arrival, group_of
from fanfold.model import Document, Shard, State
from fanfold.ports import Clock, DocumentStore, ObjectStore, Secrets
from fanfold.stages import shards
from fanfold.stages.backlog import SweepQueues
from fanfold.stages.endings import Endings
from fanfold.stages.intake import queue_shards
from fanfold.stages.progress import Progress, deadline, selected, shards_of
from fanfold.stages.removal import Removal

RESUMPTIONS: Final = 2
"""How often a document that stands still is resumed before it is ended."""

_DUE_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Sweep:
    """Resumes or ends what stands still."""

    store: DocumentStore
    objects: ObjectStore
    queues: SweepQueues
    clock: Clock
    progress: Progress
    endings: Endings
    removal: Removal
    secrets: Secrets

    def __call__(self) -> int:
        """Look at every document whose deadline has passed; return how many there were.

        The deadline moves before anything else happens: two sweeps never resume the same document,
        and one that cannot be resumed does not stand in the way of the others.
        """
        due = self.store.due(self.clock.now(), _DUE_AT_ONCE)
        for document in sorted(due, key=lambda one: not one.state.live):  # removing may take long
            if document.state is State.UPLOADING:
                self._expire(document)
            elif document.state.live:
                self._resume(document)
            else:
                self._finish(document)
        return len(due)

    def _expire(self, document: Document) -> None:
        self.store.expire(document.id)
        if document.password:
            self.secrets.forget(keys.password(document.id, document.run))

    def _finish(self, document: Document) -> None:
        """Do what is left to do of a document that was deleted, or has ended unheard."""
        later, before = deadline(self.clock), document.sweeps
        now = self.store.resumed(document, deadline=later, progress=0, sweeps=before + 1, waits=0)
        if now and now.state is State.DELETED:
            self.removal(now)
            if before:
                self.store.bury(now)
        elif now:
            self.endings.publish(now)

    def _resume(self, document: Document) -> None:
        found = [shard for shard in self.store.shards(document) if shard.run == document.run]
        progress = sum(len(shard.pages) - len(shard.waiting) for shard in found)
        sweeps, waits = self._counts(document, progress)
        later = deadline(self.clock)
        now = self.store.resumed(
            document, deadline=later, progress=progress, sweeps=sweeps, waits=waits
        )
        if now is None or waits:
            return
        if now.state is State.PROCESSING:
            if sweeps > RESUMPTIONS:
                self._give_up_pages(now)
            elif sweeps:
                self._resume_pages(now, found)
        elif sweeps > RESUMPTIONS:
            self.endings.fail(now, Stalled())
        elif now.state is State.ASSEMBLING:
            self.progress.request_assembly(now)
        elif now.source:
            source = now.source
            event = ObjectCreated(self.objects.bucket, source.key, source.version, source.size)
            self.queues.intake.send([encode_arrival(event)], group=group_of(now))

    def _counts(self, document: Document, progress: int) -> tuple[int, int]:
        """Return how often the document was found standing still, and how often waiting, since."""
        moved = progress > document.progress
        if moved and document.state is State.PROCESSING:
            return 0, 0  # nothing is sent again, wherever it waits
        sweeps, waits = (0, 0) if moved else (document.sweeps, document.waits)
        if self.queues.is_waiting(document.state, waits):
            return sweeps, waits + 1
        return (0 if moved else sweeps + 1), 0

    def _resume_pages(self, document: Document, found: Sequence[Shard]) -> None:
        queue_shards(document, self.queues.split)
        for shard in found:
            if shard.number in document.fanned:
                self.queues.page.send(
                    (encode(PageMessage(document.id, document.run, n)) for n in shard.waiting),
                    group=group_of(document),
                )
            self.progress.advance(shard, document)

    def _give_up_pages(self, document: Document) -> None:
        """End every page without a mark as lost; the document goes on to PARTIAL with the rest."""
        for number in shards_of(selected(document)):
            shard = shards.current(document, number, self.store)
            if shard:
                self.progress.give_up(shard, document)
