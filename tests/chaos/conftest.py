from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.retries.standard import ExponentialBackoff

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.table import Table
from fanfold.aws.tokens import DynamoLedger, DynamoTokens
from infra.http.serving import listen
from infra.rehearsal.aws import EmbeddedAws
from tests.aws import create_table
from tests.chaos import dynamodb
from tests.chaos.faults import Faults
from tests.contracts.conftest import Accounts
from tests.fakes.world import FakeClock


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    if reason := dynamodb.why_not():
        pytest.skip(reason)
    with dynamodb.running() as address:
        yield address


@pytest.fixture
def make_store(
    address: str, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> Iterator[Callable[..., DynamoDocuments]]:
    """Return a maker of stores on tables of their own, with faults where a chance is given.

    ``retain`` is how long documents are kept, in milliseconds.
    """
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session())
    opened = []

    def make(faults: Faults | None = None, *, retain: int | None = None) -> DynamoDocuments:
        name = f"table-{uuid4().hex}"
        create_table(name).meta.client.close()
        dynamodb = boto3.resource("dynamodb", config=CONFIG)
        opened.append(dynamodb.meta.client)
        if faults:
            faults.register(dynamodb.meta.client)
        return DynamoDocuments(Table(dynamodb, name), clock, retain=retain)

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def accounts(make_store: Callable[..., DynamoDocuments], clock: FakeClock) -> Accounts:
    documents = make_store()
    table = documents._table
    return Accounts(DynamoTokens(table), DynamoLedger(table, clock), documents)


@pytest.fixture
def make_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Run S3 and SQS on loopback; return a maker of clients as the functions make theirs."""
    aws = EmbeddedAws(listen(0))
    aws.start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    opened = []

    def make(service: str) -> Any:
        config = S3_CONFIG if service == "s3" else CONFIG
        opened.append(boto3.Session().client(service, config=config))
        return opened[-1]

    yield make
    for client in opened:
        client.close()
    aws.stop()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(make_store: Callable[..., DynamoDocuments]) -> DynamoDocuments:
    return make_store()


@pytest.fixture
def faults() -> Faults:
    return Faults(Random(7), 0.05)
