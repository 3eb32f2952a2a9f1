"""The life of a document: what may become of it and of its pages, as functions of what is stored.

Each takes what there is and returns what is to be written in its place, or None where the change
is refused: somebody else was first, the document went on, or a higher ``run`` fences this writer.
A store that decides inside of a transaction of its own applies them as they are; DynamoDB's says
the same in conditional expressions. One contract suite holds both.
"""

from __future__ import annotations

from dataclasses import replace

from fanfold.errors import PasswordRequired
from fanfold.model import (
    Document,
    DoneMark,
    FailedMark,
    Options,
    Reason,
    Shard,
    SourceFile,
    State,
)
from fanfold.ports import Ending, Opened

_AWAITING_FILE = (State.UPLOADING, State.EXPIRED)

# A document


def pin(found: Document, source: SourceFile, deadline: int) -> Document | None:
    """UPLOADING or EXPIRED → QUEUED."""
    if found.state not in _AWAITING_FILE:
        return None
    return replace(
        found,
        state=State.QUEUED,
        source=source,
        deadline=deadline,
        ended_at=None,
        kept_until=None,
    )


def is_pinned(found: Document, source: SourceFile) -> bool:
    """Return whether this version of this object is the document's source."""
    pinned = found.source
    return pinned is not None and (pinned.key, pinned.version) == (source.key, source.version)


def begin(found: Document, run: int, opened: Opened) -> Document | None:
    """QUEUED → PROCESSING."""
    if found.run != run or found.state is not State.QUEUED or found.source is None:
        return None
    return replace(
        found,
        state=State.PROCESSING,
        document_pages=opened.document_pages,
        pages_total=opened.pages_total,
        shards_total=opened.shards_total,
        selection=opened.selection,
        deadline=opened.deadline,
        damage=dict.fromkeys(opened.damage, 1),
        signed=opened.signed,
        active_content=opened.active_content,
        password=False,
        options=opened.options or found.options,
        source=replace(
            found.source,
            sha256=opened.sha256,
            media_type=opened.media_type,
            unlocked=opened.unlocked,
        ),
    )


def unlock(found: Document, run: int, deadline: int) -> Document | None:
    """FAILED for want of a password → QUEUED in the next run, with one that is kept."""
    if found.run != run or not wants_password(found):
        return None
    return replace(
        found,
        state=State.QUEUED,
        run=run + 1,
        password=True,
        deadline=deadline,
        reason=None,
        ended_at=None,
        kept_until=None,
        sweeps=0,
        waits=0,
    )


def wants_password(found: Document) -> bool:
    """Return whether a document failed for want of a password."""
    wants = found.reason is not None and found.reason.code == PasswordRequired.code
    return found.state is State.FAILED and wants and found.source is not None


def is_unlocked(found: Document, run: int) -> bool:
    """Return whether the document is in the run that unlocking it in ``run`` began."""
    return (found.run, found.password) == (run + 1, True) and found.state is State.QUEUED


def fanned(found: Document, run: int, shard: int) -> Document | None:
    """Add a shard to those whose pages are queued."""
    return replace(found, fanned=found.fanned | {shard}) if _processing(found, run) else None


def shard_done(found: Document, run: int, shard: int, deadline: int) -> Document | None:
    """Add a shard to those that are complete."""
    if not _processing(found, run):
        return None
    return replace(found, shards_done=found.shards_done | {shard}, deadline=deadline)


def ready(found: Document, run: int, deadline: int) -> Document | None:
    """PROCESSING → ASSEMBLING where every shard is done."""
    if not _processing(found, run) or not 0 < len(found.shards_done) == found.shards_total:
        return None
    return replace(found, state=State.ASSEMBLING, deadline=deadline, sweeps=0, progress=0, waits=0)


def finish(
    found: Document, run: int, ending: Ending, now: int, kept_until: int | None
) -> Document | None:
    """ASSEMBLING → the end, with this run's results."""
    if found.run != run or found.state is not State.ASSEMBLING:
        return None
    return replace(
        found,
        state=ending.state,
        pages_done=ending.pages_done,
        pages_failed=ending.pages_failed,
        milliseconds=ending.milliseconds,
        results=ending.results,
        results_run=run,
        reason=ending.reason,
        damage=dict(ending.damage),
        concerns=dict(ending.concerns),
        deadline=now if ending.watched else None,
        ended_at=now,
        kept_until=kept_until,
    )


def fail(
    found: Document,
    seen: Document,
    reason: Reason,
    now: int,
    kept_until: int | None,
    *,
    watched: bool,
) -> Document | None:
    """The live state that the document was ``seen`` in → FAILED; due at once where watched."""
    if not found.state.live or (found.run, found.state) != (seen.run, seen.state):
        return None
    return replace(
        found,
        state=State.FAILED,
        reason=reason,
        deadline=now if watched else None,
        ended_at=now,
        kept_until=kept_until,
    )


def expire(found: Document, now: int, kept_until: int | None) -> Document | None:
    """UPLOADING → EXPIRED."""
    if found.state is not State.UPLOADING:
        return None
    return replace(found, state=State.EXPIRED, deadline=None, ended_at=now, kept_until=kept_until)


def resumed(
    found: Document, seen: Document, *, deadline: int, progress: int, sweeps: int, waits: int
) -> Document | None:
    """Move the deadline, unless somebody moved it since the document was ``seen``."""
    if (found.run, found.deadline) != (seen.run, seen.deadline):
        return None
    return replace(found, deadline=deadline, progress=progress, sweeps=sweeps, waits=waits)


def rerun(found: Document, run: int, options: Options, redo: str, deadline: int) -> Document | None:
    """SUCCEEDED, PARTIAL or FAILED → PROCESSING in the next run; earlier results stay."""
    if found.run != run or not found.state.finished or found.shards_total == 0:
        return None
    return replace(
        found,
        state=State.PROCESSING,
        run=run + 1,
        options=options,
        redo=redo,
        deadline=deadline,
        fanned=frozenset(),
        shards_done=frozenset(),
        reason=None,
        ended_at=None,
        kept_until=None,
        sweeps=0,
        progress=0,
        waits=0,
        pages_done=0,
        pages_failed=0,
        milliseconds=0,
    )


def is_rerun(found: Document, run: int, options: Options, redo: str) -> bool:
    """Return whether the document is in the very run that such a rerun of ``run`` begins."""
    wanted = (run + 1, State.PROCESSING, options, redo)
    return (found.run, found.state, found.options, found.redo) == wanted


def cancel(found: Document, now: int, kept_until: int | None) -> Document | None:
    """Any live state → CANCELLED, in a run of its own."""
    if not found.state.live:
        return None
    return replace(
        found,
        state=State.CANCELLED,
        run=found.run + 1,
        deadline=None,
        ended_at=now,
        kept_until=kept_until,
    )


def delete(found: Document, deadline: int) -> Document | None:
    """Any state → DELETED, in a run of its own; in the sweep's sight until it is buried."""
    if found.state is State.DELETED:
        return None
    return replace(found, state=State.DELETED, run=found.run + 1, deadline=deadline, sweeps=0)


def bury(found: Document, seen: Document) -> Document | None:
    """Take a document that has ended out of the sweep's sight; of a deleted one no name stays."""
    if found.run != seen.run or found.state.live:
        return None
    if found.state is State.DELETED:
        found = replace(found, name="", source=None, reason=None)
    return replace(found, deadline=None)


def _processing(found: Document, run: int) -> bool:
    return found.run == run and found.state is State.PROCESSING


# A shard's pages


def take_over(found: Shard, run: int, shard: Shard) -> Shard | None:
    """Put ``shard``, which is of a later run, in the place of that of run ``run``."""
    return shard if found.run == run else None


def mark_done(found: Shard, run: int, page: int, mark: DoneMark) -> Shard | None:
    """Mark a page as read, unless it has its mark."""
    if not _unmarked(found, run, page):
        return None
    heavy = {other: moment for other, moment in found.heavy.items() if other != page}
    tried = {other: attempt for other, attempt in found.tried.items() if other != page}
    return replace(found, done={**found.done, page: mark}, heavy=heavy, tried=tried)


def mark_failed(found: Shard, run: int, page: int, mark: FailedMark) -> Shard | None:
    """Mark a page as failed, unless it has its mark."""
    if not _unmarked(found, run, page):
        return None
    return replace(found, failed={**found.failed, page: mark})


def mark_heavy(found: Shard, run: int, page: int, moment: int) -> Shard | None:
    """Note when the heavy lane begins a page, unless it did before."""
    if found.run != run or page in found.heavy:
        return None
    return replace(found, heavy={**found.heavy, page: moment})


def mark_tried(found: Shard, run: int, page: int, attempt: int) -> Shard | None:
    """Note which delivery begins a page in its own lane, unless one was noted before."""
    if found.run != run or page in found.tried:
        return None
    return replace(found, tried={**found.tried, page: attempt})


def _unmarked(found: Shard, run: int, page: int) -> bool:
    return found.run == run and page not in found.done and page not in found.failed
