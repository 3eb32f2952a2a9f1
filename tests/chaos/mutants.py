"""Mutants of the design: each takes one of its ideas away, and it must be noticed.

By the simulation, or else by the state machine, or else by the tests of the stages.

    python -m tests.chaos.mutants [--machine] [NAME ...]

``--machine``: what hypothesis notices by itself, with the examples of `make test`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanfold import lives
from fanfold.disk import documents
from fanfold.errors import Unavailable
from fanfold.model import Document, DoneMark, Shard, SourceFile, State, shard_of
from fanfold.ports import Cut
from fanfold.stages import heavy, rerun, shards, sweep
from fanfold.stages.backlog import SweepQueues
from fanfold.stages.page import ReadPage
from fanfold.stages.progress import Progress, deadline
from fanfold.stages.split import Split
from fanfold.stages.submit import Submission, Submit
from fanfold.stages.sweep import Sweep
from tests.chaos import invariants, stories
from tests.chaos.machine import MACHINE, Lives
from tests.chaos.sqs import SqsModel
from tests.fakes.documents import MemoryDocuments
from tests.fakes.world import MemoryObjects

STORIES = (
    stories.patient,
    stories.busy,
    stories.crowded,
    stories.deadly,
    stories.impatient,
    stories.foggy,
    stories.swapped,
    stories.jammed,
)
TESTS = ("tests/unit/stages", "tests/contracts/test_document_store.py")
"""What knows cases that are too rare for a simulation: a write that comes late by one step."""
OF_ITS_OWN = ["-x", "-q", "-p", "no:cacheprovider", "--assert=plain", "-o", "filterwarnings="]
"""Options for a run of tests inside of one process that has imported much already."""
EXACT = (stories.patient, stories.crowded, stories.swapped, stories.jammed)
"""Stories in which every document has to succeed."""
SEEDS = range(6)
DOCUMENTS = 25


@contextmanager
def drop_the_level_trigger() -> Iterator[None]:
    """A page that has its mark is done with: whoever marked it will have gone on."""
    real = ReadPage._marked

    def unmarked_or_gone(*values: Any) -> Shard | None:
        found = real(*values)
        return replace(found, pages=(*found.pages, 0)) if found else None  # never complete

    with patch.object(ReadPage, "_marked", unmarked_or_gone):
        yield


@contextmanager
def return_early_on_a_duplicate() -> Iterator[None]:
    """A mark that is there already says nothing to its second writer."""
    real = MemoryDocuments.mark_done

    def once(self: MemoryDocuments, d: str, run: int, n: int, mark: DoneMark) -> Shard | None:
        there = self.shard_items.get((d, (n - 1) // 100))
        return None if there and n in there.done else real(self, d, run, n, mark)

    def never(*_: object) -> None:
        return None

    with patch.object(MemoryDocuments, "mark_done", once), patch.object(ReadPage, "_marked", never):
        yield


@contextmanager
def count_with_a_number() -> Iterator[None]:
    """Every write of a mark counts one; enough of them make a shard complete."""
    counts: dict[tuple[str, int, int], int] = {}

    def counted(found: Shard, run: int, page: int) -> bool:
        if found.run == run:
            key = (found.document, found.number, run)
            counts[key] = counts.get(key, 0) + 1
        return found.run == run

    def complete(shard: Shard) -> bool:
        return counts.get((shard.document, shard.number, shard.run), 0) >= len(shard.pages)

    with (
        patch.object(lives, "_unmarked", counted),
        patch.object(ReadPage, "_marked", lambda *_: None),
        patch.object(Shard, "complete", property(complete)),
    ):
        yield


@contextmanager
def drop_the_fence() -> Iterator[None]:
    """Marks are written whatever the run."""

    def whoever(found: Shard, run: int, page: int) -> bool:
        return page not in found.done and page not in found.failed

    def told(run: int, shard: Shard | None) -> Shard | None:
        return shard

    with patch.object(lives, "_unmarked", whoever), patch.object(documents, "_of", told):
        yield


@contextmanager
def drop_the_condition_of_ready() -> Iterator[None]:
    """Whoever completes a shard makes the document ready."""

    def ready(found: Document, run: int, deadline: int) -> Document:
        return replace(found, state=State.ASSEMBLING)

    def advance(self: Progress, shard: Shard, document: Document) -> None:
        self.store.ready(document.id, document.run, deadline(self.clock))
        self.request_assembly(document)

    with patch.object(lives, "ready", ready), patch.object(Progress, "advance", advance):
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

    def advance(self: Progress, shard: Shard, document: Document) -> None:
        if shard.run != document.run or not shard.complete:
            return
        if self.store.shard_done(document.id, shard.run, shard.number, 0) and self.store.ready(
            document.id, shard.run, 0
        ):
            self.request_assembly(document)

    def under_way(self: Progress, message: Any) -> Document | None:
        document = self.store.get(message.document)
        found = document and document.run == message.run and document.state is State.PROCESSING
        return document if found else None

    with (
        patch.object(Progress, "advance", advance),
        patch.object(Progress, "under_way", under_way),
    ):
        yield


@contextmanager
def note_the_fan_out_before_it() -> Iterator[None]:
    """Split says that a shard's pages are queued, then queues them."""
    real = Split._store_and_queue

    def early(self: Split, document: Document, cuts: list[Cut]) -> None:
        self.store.fanned(document.id, document.run, shard_of(cuts[0].page))
        real(self, document, cuts)

    with patch.object(Split, "_store_and_queue", early):
        yield


@contextmanager
def nobody_sweeps() -> Iterator[None]:
    """What stands still is left alone."""
    with patch.object(Sweep, "_resume", lambda *_: None):
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
    real = lives.rerun

    def rerun(found: Document, *values: Any) -> Document | None:
        after = real(found, *values)
        return after and replace(after, shards_done=found.shards_done)

    with patch.object(lives, "rerun", rerun):
        yield


@contextmanager
def leave_the_shards_of_the_deleted() -> Iterator[None]:
    """A deleted document's shards stay."""
    with patch.object(MemoryDocuments, "purge", lambda *_: None):
        yield


@contextmanager
def a_retry_does_not_requeue() -> Iterator[None]:
    """A repeated retry finds itself under way and sends nothing; nor does the sweep."""
    with (
        patch.object(rerun, "queue_shards", lambda *_: None),
        patch.object(sweep, "queue_shards", lambda *_: None),
        patch.object(Sweep, "_give_up_pages", lambda *_: None),
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


@contextmanager
def begin_in_the_heavy_lane_again_and_again() -> Iterator[None]:
    """Each delivery in the heavy lane notes anew when the page was begun."""

    def mark_heavy(found: Shard, run: int, page: int, moment: int) -> Shard | None:
        return replace(found, heavy={**found.heavy, page: moment}) if found.run == run else None

    with patch.object(lives, "mark_heavy", mark_heavy):
        yield


@contextmanager
def read_whatever_lies_at_the_address() -> Iterator[None]:
    """The version that was looked at is not the one that is read."""
    real = MemoryObjects.download

    def latest(self: MemoryObjects, key: str, version: str | None, path: Path) -> bool:
        return real(self, key, None, path)

    with patch.object(MemoryObjects, "download", latest):
        yield


@contextmanager
def pin_the_version_that_is_told_of_last() -> Iterator[None]:
    """A later upload takes the place of the first one."""
    real = lives.pin

    def pin(found: Document, source: SourceFile, deadline: int) -> Document | None:
        queued = found.state is State.QUEUED
        return replace(found, source=source) if queued else real(found, source, deadline)

    with patch.object(lives, "pin", pin):
        yield


@contextmanager
def take_waiting_for_standing_still() -> Iterator[None]:
    """The sweep does not look how long the queues are."""
    with patch.object(SweepQueues, "is_waiting", lambda *_: False):
        yield


@contextmanager
def let_all_documents_be_one_group() -> Iterator[None]:
    """Pages are sent in one group for everybody."""
    with patch("fanfold.stages.split.group_of", lambda _: "everybody"):
        yield


@contextmanager
def forget_the_idempotency_key() -> Iterator[None]:
    """A request that is repeated makes another document."""

    real = Submit._create

    def anew(self: Submit, tenant: str, submission: Submission) -> Document:
        return real(self, tenant, replace(submission, key=uuid4().hex))

    with (
        patch.object(Submit, "_create", anew),
        patch.object(Submit, "_with_key", lambda *_: None),
    ):
        yield


@contextmanager
def write_on_documents_of_any_run() -> Iterator[None]:
    """META is written whatever the run: fanned out, done, ready."""

    def processing(found: Document, run: int) -> bool:
        return found.state is State.PROCESSING

    with patch.object(lives, "_processing", processing):
        yield


@contextmanager
def heed_messages_of_any_run() -> Iterator[None]:
    """A message of an earlier run is taken for one of this run."""

    def under_way(self: Progress, message: Any) -> Document | None:
        document = self.store.get(message.document)
        if document and document.state is State.ASSEMBLING:
            self.request_assembly(document)
        return document if document and document.state is State.PROCESSING else None

    with patch.object(Progress, "under_way", under_way):
        yield


@contextmanager
def write_the_manifest_whoever_did() -> Iterator[None]:
    """The manifest is written without If-None-Match."""

    def put_new(self: MemoryObjects, key: str, data: bytes, media_type: str) -> bool:
        return bool(self.put(key, data, media_type))

    with patch.object(MemoryObjects, "put_new", put_new):
        yield


@contextmanager
def leave_the_outbox_to_who_ended_the_document() -> Iterator[None]:
    """What a worker that died had not yet put into the outbox never gets there."""

    def finish(self: Sweep, document: Document) -> None:
        if document.state is State.DELETED:
            real(self, document)
        else:
            self.store.bury(document)

    real = Sweep._finish
    with patch.object(Sweep, "_finish", finish):
        yield


@contextmanager
def fail_whatever_became_of_the_document() -> Iterator[None]:
    """A worker that gives a document up does not heed that it has gone on since."""
    real = lives.fail

    def fail(found: Document, seen: Document, *values: Any, watched: bool) -> Any:
        return real(found, found, *values, watched=watched)

    with patch.object(lives, "fail", fail):
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
    begin_in_the_heavy_lane_again_and_again,
    read_whatever_lies_at_the_address,
    pin_the_version_that_is_told_of_last,
    take_waiting_for_standing_still,
    let_all_documents_be_one_group,
    forget_the_idempotency_key,
    write_on_documents_of_any_run,
    heed_messages_of_any_run,
    write_the_manifest_whoever_did,
    leave_the_outbox_to_who_ended_the_document,
    fail_whatever_became_of_the_document,
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


def killed_by_any(mutant: Callable[[], Any]) -> str:
    """Say what noticed the mutant first: simulation, state machine, tests; empty where none."""
    return killed_by(mutant) or killed_by_machine(mutant) or killed_by_tests(mutant)


def killed_by_machine(mutant: Callable[[], Any]) -> str:
    """Say what the state machine noticed; empty where the mutant lived on."""
    calm = settings(
        MACHINE, database=None, derandomize=True, phases=[Phase.generate], print_blob=False
    )
    with mutant(), redirect_stdout(StringIO()):
        try:
            run_state_machine_as_test(Lives, settings=calm)
        except Exception as error:  # as above
            return f"{type(error).__name__} {str(error)[:90]}"
    return ""


def killed_by_tests(mutant: Callable[[], Any]) -> str:
    """Say which test of the stages fails; empty where the mutant lived on."""
    first = _FirstFailure()
    with mutant(), redirect_stdout(StringIO()):
        pytest.main([*OF_ITS_OWN, *TESTS], plugins=[first])
    return first.test


class _FirstFailure:
    test = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.test = self.test or (report.nodeid if report.failed else "")


def _play(story: Any, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        played = story(seed, Path(folder), DOCUMENTS)
    ends = invariants.check(played)
    assert story not in EXACT or set(ends) == {State.SUCCEEDED}, ends
    invariants.manifests_are_written_once(played.objects)
    invariants.messages_are_of_their_documents_group(played)
    if story is stories.deadly:
        invariants.the_killers_alone_failed(played)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.mutants")
    parser.add_argument("--machine", action="store_true", help="with the state machine alone")
    parser.add_argument("names", nargs="*", help="of mutants; by default all")
    wish, alive = parser.parse_args(), 0
    killed = killed_by_machine if wish.machine else killed_by_any
    if what := killed(nullcontext):
        print(f"the design itself does not hold: {what}")
        return 1
    mutants = [one for one in MUTANTS if not wish.names or one.__name__ in wish.names]
    for mutant in mutants:
        what = killed(mutant)
        alive += not what
        print(f"{'killed' if what else 'ALIVE '}  {mutant.__name__}  {what}", flush=True)
    print(f"{len(mutants) - alive} of {len(mutants)} mutants killed")
    return 1 if alive else 0


if __name__ == "__main__":
    raise SystemExit(main())
