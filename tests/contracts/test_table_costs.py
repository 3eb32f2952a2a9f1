"""What the table is asked and told beyond the port: how often, and until when things stay."""

from __future__ import annotations

from collections import Counter

import boto3
import pytest

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.table import Table
from fanfold.model import Shard, State
from tests.aws import create_table
from tests.contracts.test_document_store import (
    DONE,
    SOURCE,
    assembling,
    document,
    ending,
)

DAY = 24 * 3600
MONTH = 30 * DAY


@pytest.fixture
def dynamodb(aws):
    create_table("table")
    return boto3.resource("dynamodb")


@pytest.fixture
def asked(dynamodb) -> Counter[str]:
    """The requests that are sent, by operation."""
    counted: Counter[str] = Counter()
    dynamodb.meta.client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: counted.update([model.name])
    )
    return counted


@pytest.fixture
def store(dynamodb, clock):
    return DynamoDocuments(Table(dynamodb, "table"), clock, retain=30 * DAY * 1000)


def test_one_match_in_120_documents_is_found_by_one_query(store, asked):
    for n in range(120):
        store.create(document(id=f"d{n}", created_at=1_000 + n))
    store.pin("d7", SOURCE, 3_000)
    asked.clear()
    listing = store.list("default", state=State.QUEUED, cursor=None, limit=10)
    assert [one.id for one in listing.documents] == ["d7"]
    assert listing.cursor is None
    assert asked == {"Query": 1, "BatchGetItem": 1}


def test_a_document_leaves_the_table_with_its_results_and_its_shards_after_it(
    store, dynamodb, clock
):
    assembling(store)
    store.open_shard(Shard("d", 0, 1, (1, 2, 3)))
    store.mark_done("d", 1, 1, DONE)
    clock.pass_seconds(DAY)
    store.finish("d", 1, ending())
    items = {one["sk"]: one for one in dynamodb.Table("table").scan()["Items"]}
    meta, shard = items["META"]["ttl"], items["SHARD"]["ttl"]
    assert meta == clock.now() // 1000 + MONTH
    assert meta < shard <= meta + MONTH


def test_a_shard_that_a_later_run_takes_over_stays_as_long_as_that(store, dynamodb, clock):
    store.open_shard(Shard("d", 0, 1, (1,)))
    clock.pass_seconds(20 * DAY)
    store.take_over(1, Shard("d", 0, 2, (1,)))
    (item,) = dynamodb.Table("table").scan()["Items"]
    assert item["ttl"] == clock.now() // 1000 + 2 * MONTH
