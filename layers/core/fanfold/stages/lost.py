"""Lost: a dead letter becomes a failed page or a failed document, with a reason.

One stage per dead-letter queue. A letter that nobody can read is put away for people to look at,
once: whatever it was about is found standing still by the sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fanfold import keys
from fanfold.errors import BadMessage, Undeliverable, WorkerKilled
from fanfold.messages import (
    AssembleMessage,
    PageMessage,
    SplitMessage,
    decode,
    decode_news,
    object_created,
)
from fanfold.model import FailedMark, State, shard_of
from fanfold.ports import Clock, DocumentStore, ObjectStore, WebhookStore
from fanfold.stages import heavy, shards
from fanfold.stages.early import Early
from fanfold.stages.endings import Endings
from fanfold.stages.intake import Identify
from fanfold.stages.progress import Progress
from fanfold.webhooks import attempted

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lose:
    """Takes every step's dead letters."""

    objects: ObjectStore
    stages: Mapping[str, Callable[[str], None]]

    def __call__(self, step: str, body: str) -> None:
        """Do what a dead letter of a step's queue means, or put it away."""
        try:
            self.stages[step](body)
        except BadMessage:
            key = keys.unreadable(step, body)
            logger.warning("a dead letter cannot be read", extra={"key": key})
            self.objects.put(key, body.encode("utf-8", "replace"), "text/plain")


@dataclass(frozen=True, slots=True)
class LoseArrival:
    """Ends documents whose arrival could not be handled."""

    identify: Identify
    endings: Endings

    def __call__(self, body: str) -> None:
        """End the document, unless it did arrive and is going on; ``body`` is S3's event."""
        event = object_created(body)
        document = self.identify(event) if event else None
        if document and document.state is State.QUEUED:
            self.endings.fail(document, _undeliverable("intake"))


@dataclass(frozen=True, slots=True)
class LoseShard:
    """Fails the pages of shards that could not be cut."""

    store: DocumentStore
    progress: Progress

    def __call__(self, body: str) -> None:
        """Fail the shard's pages that have no mark."""
        message = decode(SplitMessage, body)
        document = self.progress.under_way(message)
        if document is None:
            return
        shard = shards.current(document, message.shard, self.store)
        if shard:
            self.progress.give_up(shard, document)


@dataclass(frozen=True, slots=True)
class LosePage:
    """Fails pages whose workers died in the heavy lane, too.

    ``exclusive`` says that no other worker can be reading a page whose message is here.
    """

    store: DocumentStore
    clock: Clock
    exclusive: bool
    progress: Progress
    early: Early

    def __call__(self, body: str) -> None:
        """Fail the page, unless the ordinary lane has read it.

        Raises Unavailable while another worker may still be reading it.
        """
        message = decode(PageMessage, body)
        document = self.progress.under_way(message)
        if document:
            self._wait_for_reader(message)
            mark = FailedMark(WorkerKilled.code, attempt=0)
            shard = self.early.stands(message, document.options) or self.store.mark_failed(
                document.id, document.run, message.page, mark
            )
            if shard:
                self.progress.advance(shard, document, message.page)

    def _wait_for_reader(self, message: PageMessage) -> None:
        """Raise Unavailable while whoever began the page may be reading it.

        Where nobody did, nobody will from now on: this delivery takes the page's one beginning.
        """
        shard = self.store.shard(message.document, shard_of(message.page))
        now = self.clock.now()
        if shard and message.page in shard.waiting:
            begun = self.store.mark_heavy(message.document, message.run, message.page, now)
            if begun is not None:
                heavy.is_over(begun, now, attempt=2, exclusive=self.exclusive)


@dataclass(frozen=True, slots=True)
class LoseAssembly:
    """Ends documents that could not be folded; their pages stay readable one by one."""

    store: DocumentStore
    endings: Endings

    def __call__(self, body: str) -> None:
        """End the document, unless it went on."""
        message = decode(AssembleMessage, body)
        document = self.store.get(message.document)
        if document and document.run == message.run and document.state is State.ASSEMBLING:
            self.endings.fail(document, _undeliverable("assemble"))


@dataclass(frozen=True, slots=True)
class LoseNews:
    """Notes in a webhook's log that some news of it kept killing whoever sent them."""

    webhooks: WebhookStore
    clock: Clock

    def __call__(self, body: str) -> None:
        """Write it down; raise BadMessage where it was for no webhook in particular."""
        message = decode_news(body)
        if not message.webhook:
            raise BadMessage("These news came to no webhook.")
        tried = attempted(message.webhook, message.news, message.number, self.clock.now())
        self.webhooks.log(message.webhook, replace(tried, code=Undeliverable.code))


def _undeliverable(step: str) -> Undeliverable:
    return Undeliverable(f"The step “{step}” died on this document again and again.")
