"""DynamoDocuments that tells a meter what its writes changed.

Counted is what the table says afterwards: a page that another worker marked first is not counted
again, and a write whose answer got lost on the way is. Only the very same mark twice counts twice.
"""

from __future__ import annotations

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.table import Table
from fanfold.model import Document, DoneMark, FailedMark, Reason, Shard, State
from fanfold.ports import Clock, Ending, Meter


class CountedDocuments(DynamoDocuments):
    """The DocumentStore of the functions."""

    def __init__(
        self, table: Table, clock: Clock, meter: Meter, *, retain: int | None = None
    ) -> None:
        super().__init__(table, clock, retain=retain)
        self._meter = meter

    def mark_done(self, document: str, run: int, page: int, mark: DoneMark) -> Shard | None:
        """Mark a page as read, unless it failed before."""
        shard = super().mark_done(document, run, page, mark)
        if shard and shard.done.get(page) == mark:
            self._meter.page_done(mark.source, mark.milliseconds)
        return shard

    def mark_failed(self, document: str, run: int, page: int, mark: FailedMark) -> Shard | None:
        """Mark a page as failed, unless it is done."""
        shard = super().mark_failed(document, run, page, mark)
        if shard and shard.failed.get(page) == mark:
            self._meter.page_failed(mark.code)
        return shard

    def finish(self, document: str, run: int, ending: Ending) -> Document | None:
        """ASSEMBLING → SUCCEEDED, PARTIAL or FAILED."""
        after = super().finish(document, run, ending)
        if after:
            self._meter.ended(ending.state, ending.reason)
        return after

    def fail(self, document: Document, reason: Reason, *, watched: bool) -> Document | None:
        """End a live document as FAILED with a reason, unless it has gone on since it was read."""
        after = super().fail(document, reason, watched=watched)
        if after:
            self._meter.ended(State.FAILED, reason)
        return after

    def expire(self, document: str) -> bool:
        """UPLOADING → EXPIRED."""
        expired = super().expire(document)
        if expired:
            self._meter.ended(State.EXPIRED)
        return expired

    def resumed(
        self, document: Document, *, deadline: int, progress: int, sweeps: int, waits: int
    ) -> Document | None:
        """Note what a sweep found; one that finds progress, or a wait in line, resumes nothing."""
        after = super().resumed(
            document, deadline=deadline, progress=progress, sweeps=sweeps, waits=waits
        )
        if after and after.state.live and sweeps and not waits:
            self._meter.resumed(after.state)
        return after
