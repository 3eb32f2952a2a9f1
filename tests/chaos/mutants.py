"""Mutants of the design: each takes one of its ideas away, and the simulation must notice.

python -m tests.chaos.mutants
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fanfold.errors import Unavailable
from fanfold.model import Document, DoneMark, Shard, State
from fanfold.ports import DocumentStore
from fanfold.stages import heavy, page, progress, rerun, shards, split, sweep
from tests.chaos import invariants, stories
from tests.chaos.sqs import SqsModel
from tests.fakes.documents import FakeDocuments

STORIES = (
    stories.patient,
    stories.busy,
    stories.crowded,
    stories.deadly,
    stories.impatient,
    stories.foggy,
)
SEEDS = range(6)
DOCUMENTS = 25


@contextmanager
def drop_the_level_trigger() -> Iterator[None]:
    """A page that has its mark is done with: whoever marked it will have gone on."""
    real = page._marked

    def unmarked_or_gone(*values: Any) -> Shard | None:
        found = real(*values)
        return replace(found, pages=(*found.pages, 0)) if found else None  # never complete

    with patch.object(page, "_marked", unmarked_or_gone):
        yield


@contextmanager
def return_early_on_a_duplicate() -> Iterator[None]:
    """A mark that is there already says nothing to its second writer."""
    real = FakeDocuments.mark_done

    def once(self: FakeDocuments, d: str, run: int, n: int, mark: DoneMark) -> Shard | None:
        there = self.shard_items.get((d, (n - 1) // 100))
        return None if there and n in there.done else real(self, d, run, n, mark)

    def never(*_: object) -> None:
        return None

    with patch.object(FakeDocuments, "mark_done", once), patch.object(page, "_marked", never):
        yield


@contextmanager
def count_with_a_number() -> Iterator[None]:
    """Every write of a mark counts one; enough of them make a shard complete."""
    counts: dict[tuple[str, int, int], int] = {}
    real = FakeDocuments._write

    def counted(self: FakeDocuments, shard: Shard) -> Shard:
        key = (shard.document, shard.number, shard.run)
        counts[key] = counts.get(key, 0) + 1
        return real(self, shard)

    def complete(shard: Shard) -> bool:
        return counts.get((shard.document, shard.number, shard.run), 0) >= len(shard.pages)

    def unmarked(self: FakeDocuments, d: str, run: int, n: int, mark: DoneMark) -> Shard | None:
        shard = self._fenced(d, run, n)
        return shard and self._write(replace(shard, done={**shard.done, n: mark}))

    with (
        patch.object(FakeDocuments, "_write", counted),
        patch.object(FakeDocuments, "mark_done", unmarked),
        patch.object(page, "_marked", lambda *_: None),
        patch.object(Shard, "complete", property(complete)),
    ):
        yield


@contextmanager
def drop_the_fence() -> Iterator[None]:
    """Marks are written whatever the run."""

    def anyone(self: FakeDocuments, d: str, run: int, n: int) -> Shard | None:
        return self.shard_items.get((d, (n - 1) // 100))

    with patch.object(FakeDocuments, "_fenced", anyone):
        yield


@contextmanager
def drop_the_condition_of_ready() -> Iterator[None]:
    """Whoever completes a shard makes the document ready."""

    def ready(self: FakeDocuments, document: str, run: int, deadline: int) -> bool:
        return bool(self._update(document, lambda _: True, state=State.ASSEMBLING))

    def advance(shard: Shard, document: Any, *, store: DocumentStore, assemble: Any, clock: Any):
        store.ready(document.id, document.run, progress.deadline(clock))
        progress.request_assembly(document, assemble)

    with (
        patch.object(FakeDocuments, "ready", ready),
        patch.object(page, "advance", advance),
    ):
        yield


@contextmanager
def acknowledge_before_the_work() -> Iterator[None]:
    """A message is deleted when it is received."""
    real = SqsModel.receive

    def taken(self: SqsModel) -> Any:
        letter = real(self)
        if letter:
            self.delete(letter)
        return letter

    with patch.object(SqsModel, "receive", taken):
        yield


@contextmanager
def ask_for_the_assembly_only_once() -> Iterator[None]:
    """Only the one who made the document ready queues its assembly."""
    ask = progress.request_assembly

    def advance(shard: Shard, document: Any, *, store: DocumentStore, assemble: Any, clock: Any):
        if shard.run != document.run or not shard.complete:
            return
        if store.shard_done(document.id, shard.run, shard.number, 0) and store.ready(
            document.id, shard.run, 0
        ):
            ask(document, assemble)

    with (
        patch.object(page, "advance", advance),
        patch.object(split, "advance", advance),
        patch.object(progress, "request_assembly", lambda *_: None),
    ):
        yield


@contextmanager
def note_the_fan_out_before_it() -> Iterator[None]:
    """Split says that a shard's pages are queued, then queues them."""
    real = split._store_and_queue
    stores: list[DocumentStore] = []

    def early(document: Any, cuts: Any, objects: Any, queue: Any) -> None:
        for store in stores[-1:]:
            store.fanned(document.id, document.run, (cuts[0].page - 1) // 100)
        real(document, cuts, objects, queue)

    current = split.shards.current

    def seen(document: Any, number: int, store: DocumentStore) -> Shard | None:
        stores.append(store)
        return current(document, number, store)

    with (
        patch.object(split, "_store_and_queue", early),
        patch.object(split.shards, "current", seen),
    ):
        yield


@contextmanager
def nobody_sweeps() -> Iterator[None]:
    """What stands still is left alone."""
    with patch.object(sweep, "_resume", lambda *_: None):
        yield


@contextmanager
def take_a_shard_over_with_all_its_marks() -> Iterator[None]:
    """The new run finds nothing to do in a shard of the run before."""

    def carried(document: Document, shard: Shard) -> Shard:
        return replace(shard, run=document.run)

    with patch.object(shards, "carried", carried):
        yield


@contextmanager
def begin_a_retry_with_the_shards_done_before() -> Iterator[None]:
    """A rerun forgets to forget which shards were complete."""
    real = FakeDocuments.rerun

    def rerun(self: FakeDocuments, document: str, *values: Any) -> Document | None:
        done = self.metas[document].shards_done
        after = real(self, document, *values)
        return after and self._update(document, lambda _: True, shards_done=done)

    with patch.object(FakeDocuments, "rerun", rerun):
        yield


@contextmanager
def leave_the_shards_of_the_deleted() -> Iterator[None]:
    """A deleted document's shards stay."""
    with patch.object(FakeDocuments, "purge", lambda *_: None):
        yield


@contextmanager
def a_retry_does_not_requeue() -> Iterator[None]:
    """A repeated retry finds itself under way and sends nothing; nor does the sweep."""
    with (
        patch.object(rerun, "queue_shards", lambda *_: None),
        patch.object(sweep, "queue_shards", lambda *_: None),
        patch.object(sweep, "_give_up_pages", lambda *_: None),
    ):
        yield


@contextmanager
def take_a_second_delivery_for_a_death() -> Iterator[None]:
    """Who finds a heavy page begun and is not the first gives it up."""

    def is_over(begun: int, now: int, attempt: int, *, exclusive: bool) -> bool:
        return attempt > 1

    with patch.object(heavy, "is_over", is_over):
        yield


@contextmanager
def never_believe_in_a_death() -> Iterator[None]:
    """A page that was begun in the heavy lane is left alone for good."""

    def is_over(begun: int, now: int, attempt: int, *, exclusive: bool) -> bool:
        raise Unavailable

    with patch.object(heavy, "is_over", is_over):
        yield


MUTANTS: list[Callable[[], Any]] = [
    drop_the_level_trigger,
    return_early_on_a_duplicate,
    count_with_a_number,
    drop_the_fence,
    drop_the_condition_of_ready,
    acknowledge_before_the_work,
    ask_for_the_assembly_only_once,
    note_the_fan_out_before_it,
    nobody_sweeps,
    take_a_shard_over_with_all_its_marks,
    begin_a_retry_with_the_shards_done_before,
    leave_the_shards_of_the_deleted,
    a_retry_does_not_requeue,
    take_a_second_delivery_for_a_death,
    never_believe_in_a_death,
]


def killed_by(mutant: Callable[[], Any]) -> str:
    """Say what noticed the mutant; empty where it lived on."""
    with mutant():
        for seed in SEEDS:
            for story in STORIES:
                try:
                    _play(story, seed)
                except Exception as error:  # a mutant may fail in any way
                    return f"{story.__name__} {seed}: {type(error).__name__} {str(error)[:90]}"
    return ""


def _play(story: Any, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        played = story(seed, Path(folder), DOCUMENTS)
    ends = invariants.check(played)
    exact = story in (stories.patient, stories.crowded)
    assert not exact or set(ends) == {State.SUCCEEDED}, ends
    if story is stories.deadly:
        invariants.the_killers_alone_failed(played)


def main() -> int:
    alive = 0
    if what := killed_by(nullcontext):
        print(f"the design itself does not hold: {what}")
        return 1
    for mutant in MUTANTS:
        what = killed_by(mutant)
        alive += not what
        print(f"{'killed' if what else 'ALIVE '}  {mutant.__name__}  {what}", flush=True)
    print(f"{len(MUTANTS) - alive} of {len(MUTANTS)} mutants killed")
    return 1 if alive else 0


if __name__ == "__main__":
    raise SystemExit(main())
