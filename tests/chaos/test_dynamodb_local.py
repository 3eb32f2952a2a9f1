"""The DocumentStore's contract where writes are atomic, and the flow on top of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from fanfold.model import DoneMark, Shard, Source, State
from tests.chaos import invariants, stories
from tests.contracts import test_document_store as contract
from tests.contracts.test_accounts import *  # noqa: F403 - the whole suite runs again here
from tests.contracts.test_document_store import *  # noqa: F403 - and this one

THREADS = 16


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("story", [stories.patient, stories.busy])
def test_nothing_is_lost_or_double_when_the_table_answers_late_or_never(
    story, seed, make_store, clock, faults, tmp_path: Path
):
    print(f"seed {seed}")
    store = make_store(faults)
    simulation = story(seed, tmp_path, 4, store=store, clock=clock)
    ends = invariants.check(simulation)
    print(dict(ends), faults.count, sum(faults.requests.values()))
    assert sum(ends.values()) == 4
    assert faults.count["lost"] + faults.count["reset"] > 0
    if story is stories.patient:
        assert ends[State.SUCCEEDED] == 4


def test_a_hundred_pages_marked_at_once_are_a_hundred_marks(store):
    store.open_shard(Shard("d", 0, 1, tuple(range(1, 101))))
    mark = DoneMark(1, Source.OCR, 90, 1)
    pages = [*range(1, 101)] * 2  # and every one of them twice
    with ThreadPoolExecutor(THREADS) as pool:
        after = list(pool.map(lambda page: store.mark_done("d", 1, page, mark), pages))
    assert all(after)
    assert sum(len(shard.done) == 100 for shard in after) >= 1
    assert set(store.shard("d", 0).done) == set(range(1, 101))


def test_of_many_who_finish_the_last_shard_at_once_one_makes_the_document_ready(store):
    contract.processing(store, shards_total=40, document_pages=4_000, selection="1-4000")
    with ThreadPoolExecutor(THREADS) as pool:
        after = list(pool.map(lambda n: store.shard_done("d", 1, n, 6_000), range(40)))
        assert sum(len(one.shards_done) == 40 for one in after) == 1
        ready = list(pool.map(lambda _: store.ready("d", 1, 7_000), range(THREADS)))
    assert ready.count(True) == 1


def test_of_twenty_at_once_as_many_are_let_in_as_a_day_holds(accounts):
    with ThreadPoolExecutor(20) as pool:
        charged = pool.map(
            lambda _: accounts.ledger.charge("acme", "2025-01-31", 30, 100), range(20)
        )
        assert list(charged).count(True) == 3


def test_of_many_who_take_a_shard_over_at_once_all_see_the_same(store):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    mark = DoneMark(1, Source.OCR, 90, 1)
    versions = [Shard("d", 0, 2, (1, 2), {1: replace(mark, milliseconds=n)}) for n in range(20)]
    with ThreadPoolExecutor(THREADS) as pool:
        after = list(pool.map(lambda shard: store.take_over(1, shard), versions))
    assert after.count(after[0]) == 20
