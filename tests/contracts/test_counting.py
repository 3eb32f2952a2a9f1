"""What the functions' store tells its meter."""

from __future__ import annotations

from dataclasses import replace

import boto3
import pytest

from fanfold.aws.counted import CountedDocuments
from fanfold.aws.table import Table
from fanfold.model import FailedMark, Shard, State
from tests.aws import create_table
from tests.contracts.test_document_store import (
    DONE,
    FAILED,
    REASON,
    assembling,
    document,
    ending,
    processing,
)
from tests.fakes.world import FakeMeter


@pytest.fixture
def meter():
    return FakeMeter()


@pytest.fixture
def store(aws, clock, meter):
    create_table("table")
    return CountedDocuments(Table(boto3.resource("dynamodb"), "table"), clock, meter)


def test_a_page_is_counted_by_its_source_or_its_reason(store, meter):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    store.mark_done("d", 1, 1, DONE)
    store.mark_failed("d", 1, 2, FAILED)
    assert meter.counted == ["page done ocr 2345", "page failed TIMEOUT"]


def test_a_page_that_had_its_mark_is_not_counted_again(store, meter):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    store.mark_done("d", 1, 1, DONE)
    store.mark_done("d", 1, 1, replace(DONE, milliseconds=9))
    store.mark_failed("d", 1, 1, FAILED)
    store.mark_failed("d", 1, 2, FAILED)
    store.mark_failed("d", 1, 2, FailedMark("WORKER_KILLED", attempt=0))
    assert meter.counted == ["page done ocr 2345", "page failed TIMEOUT"]


def test_a_fenced_worker_is_not_counted(store, meter):
    store.open_shard(Shard("d", 0, 2, (1,)))
    store.mark_done("d", 1, 1, DONE)
    assert meter.counted == []


def test_a_document_ends_once(store, meter):
    assembling(store)
    store.finish("d", 1, ending(state=State.PARTIAL))
    store.finish("d", 1, ending())
    store.fail(store.get("d"), REASON, watched=False)
    assert meter.counted == ["ended PARTIAL"]


def test_a_failed_document_is_counted_with_its_reason(store, meter):
    begun = processing(store)
    store.fail(begun, REASON, watched=True)
    store.fail(begun, REASON, watched=True)
    assert meter.counted == ["ended FAILED TOO_LARGE"]


def test_an_upload_that_never_came_is_counted_once(store, meter):
    store.create(document())
    store.expire("d")
    store.expire("d")
    assert meter.counted == ["ended EXPIRED"]


def test_a_document_is_stuck_only_where_nothing_moved_since_the_last_sweep(store, meter):
    begun = processing(store)
    moved = store.resumed(begun, deadline=9_000, progress=2, sweeps=0, waits=0)
    assert meter.counted == []
    waiting = store.resumed(moved, deadline=10_000, progress=2, sweeps=1, waits=1)
    assert meter.counted == []
    store.resumed(waiting, deadline=11_000, progress=2, sweeps=1, waits=0)
    store.resumed(waiting, deadline=11_000, progress=2, sweeps=1, waits=0)
    assert meter.counted == ["resumed PROCESSING"]
