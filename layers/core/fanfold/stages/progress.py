"""What follows when a page has its mark: the shard completes, then the document.

Level-triggered: every delivery evaluates these steps from what the table says, so it does not
matter which of them a dead worker had done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fanfold import ranges
from fanfold.errors import PageLost
from fanfold.messages import (
    AssembleMessage,
    NotifyMessage,
    PageMessage,
    SplitMessage,
    encode,
    encode_news,
    group_of,
)
from fanfold.model import Document, FailedMark, PageState, Shard, State, Told, shard_of
from fanfold.ports import Clock, DocumentStore, Queue
from fanfold.webhooks import News

UPLOAD_SECONDS: Final = 15 * 60
"""How long a presigned upload may take to begin."""

STANDSTILL_SECONDS: Final = 60 * 60
"""How long a document may show no progress before the sweep resumes it.

Longer than a page can be under way: begun 3 times, 6 min apart, then 30 min in the heavy queue."""

REUSE_SECONDS: Final = 7 * 24 * 3600
"""How long a finished document answers the same content: less than results are ever kept."""


def deadline(clock: Clock, seconds: int = STANDSTILL_SECONDS) -> int:
    """Return the moment ``seconds`` from now, in milliseconds since the epoch."""
    return clock.now() + seconds * 1000


def selected(document: Document) -> tuple[int, ...]:
    """Return the numbers of the pages to read, in order; empty until the file was opened."""
    return ranges.expand(document.selection, document.document_pages)


def shards_of(pages: Iterable[int]) -> list[int]:
    """Return the numbers of the shards that hold ``pages``, in order."""
    return sorted({shard_of(page) for page in pages})


def news_of(document: Document, shard: Shard, page: int, now: int) -> News | None:
    """Return the news that a page has ended; None where it has no mark."""
    failed = shard.failed.get(page)
    if failed is None and page not in shard.done:
        return None
    return News(
        tenant=document.tenant,
        document=document.id,
        run=document.run,
        at=now,
        state=(PageState.FAILED if failed else PageState.DONE).value,
        page=page,
        code=failed.code if failed else "",
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """Takes a document from one step to the next."""

    store: DocumentStore
    assemble: Queue
    clock: Clock
    notify: Queue

    def under_way(self, message: SplitMessage | PageMessage) -> Document | None:
        """Return the message's document if its pages are still being read, in the message's run.

        One that is ready has its assembly asked for: whoever made it so may have died before that,
        and this delivery may be the first of a message whose second one did.
        """
        document = self.store.get(message.document)
        if document is None or document.run != message.run:
            return None
        if document.state is State.ASSEMBLING:
            self.request_assembly(document)
        return document if document.state is State.PROCESSING else None

    def advance(self, shard: Shard, document: Document, *pages: int) -> None:
        """Tell of ``pages`` that have their marks, if anybody is to hear; then see what follows.

        Every delivery that finds a page marked tells of it: whoever marked it may have died before.
        """
        if document.told is Told.PAGES and shard.run == document.run:
            news = (news_of(document, shard, page, self.clock.now()) for page in pages)
            bodies = [encode_news(NotifyMessage(one)) for one in news if one]
            if bodies:
                self.notify.send(bodies, group=document.tenant)
        self._follow(shard, document)

    def _follow(self, shard: Shard, document: Document) -> None:
        """Note a complete shard and, when it was the last, have the document assembled.

        A shard that the document's run has not taken over yet says nothing about this run. Whoever
        finds the document ready asks for its assembly, too: the one who made it so may be dead, and
        this may be the last delivery that looks.
        """
        if shard.run != document.run or not shard.complete:
            return
        after = self.store.shard_done(document.id, shard.run, shard.number, deadline(self.clock))
        after = after or self.store.get(document.id)
        if after is None or after.run != document.run:
            return
        if after.state is State.PROCESSING and len(after.shards_done) == after.shards_total:
            self.store.ready(document.id, document.run, deadline(self.clock))
        elif after.state is not State.ASSEMBLING:
            return
        self.request_assembly(document)

    def give_up(self, shard: Shard, document: Document) -> None:
        """Mark a shard's pages that have no mark as lost, and see what follows."""
        for page in shard.waiting:
            mark = FailedMark(PageLost.code, attempt=0)
            shard = self.store.mark_failed(document.id, document.run, page, mark) or shard
        self.advance(shard, document, *shard.failed)

    def request_parts(self, document: Document, parts: Iterable[int]) -> None:
        """Queue the folding of some of a document's parts; a duplicate is harmless."""
        bodies = (encode(AssembleMessage(document.id, document.run, part)) for part in parts)
        self.assemble.send(bodies, group=group_of(document))

    def request_assembly(self, document: Document) -> None:
        """Queue the folding of a document; a duplicate is harmless."""
        body = encode(AssembleMessage(document.id, document.run))
        self.assemble.send([body], group=group_of(document))
