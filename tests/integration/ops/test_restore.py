from __future__ import annotations

import boto3
import pytest

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.table import Table
from fanfold.model import Shard
from infra.ops import restore
from tests.aws import create_table
from tests.contracts.test_document_store import DONE, document, processing
from tests.fakes.world import FakeClock


@pytest.fixture
def stores(aws):
    clock = FakeClock()
    for name in ("restored", "live"):
        create_table(name)
    dynamodb = boto3.resource("dynamodb")
    return [DynamoDocuments(Table(dynamodb, name), clock) for name in ("restored", "live")]


def run(*documents):
    return restore.main(["--from", "restored", "--to", "live", *documents])


def test_a_document_comes_back_with_its_pages(stores):
    restored, live = stores
    begun = processing(restored)
    restored.open_shard(Shard("d", 0, 1, (1, 2, 3)))
    restored.mark_done("d", 1, 2, DONE)
    assert run("d") == 0
    assert live.get("d") == begun
    assert live.shards(begun) == restored.shards(begun)


def test_doing_it_twice_is_doing_it_once(stores, capsys):
    processing(stores[0])
    assert run("d") == 0
    assert run("d") == 0
    assert "0 of 1 items written" in capsys.readouterr().out


def test_what_is_newer_in_the_stack_is_left_alone(stores):
    restored, live = stores
    processing(restored)
    live.create(document(name="newer.pdf"))
    live.cancel("d")
    assert run("d") == 0
    assert live.get("d").name == "newer.pdf"


def test_a_document_that_was_not_restored_is_named(stores, capsys):
    processing(stores[0])
    assert run("d", "nobody") == 1
    assert "nobody is not in restored" in capsys.readouterr().err
    assert stores[1].get("d")
