"""Each port's suite runs over files and SQLite, over the same in memory, and over AWS on moto."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from fanfold.aws.counted import CountedDocuments
from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.secrets import S3Secrets
from fanfold.aws.sqs import SqsQueue
from fanfold.aws.table import Table
from fanfold.aws.tokens import DynamoLedger, DynamoTokens
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.disk.links import Links
from fanfold.disk.objects import DiskObjects
from fanfold.disk.queues import DiskQueue
from fanfold.disk.secrets import DiskSecrets
from fanfold.disk.tokens import DiskLedger, DiskTokens
from fanfold.ports import DocumentStore, Ledger, Secrets, TokenStore
from tests.aws import create_table
from tests.fakes.documents import MemoryDocuments
from tests.fakes.world import FakeClock, FakeMeter, MemoryObjects, MemoryQueue

REGION = "eu-central-1"


@dataclass(frozen=True)
class Accounts:
    """Tokens, what tenants have had, and documents, all in one place."""

    tokens: TokenStore
    ledger: Ledger
    documents: DocumentStore


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture(params=["disk", "s3"])
def secrets(request, clock, tmp_path: Path) -> Secrets:
    if request.param == "disk":
        return DiskSecrets(MemoryObjects(clock), lambda: b"a folder's own key")
    request.getfixturevalue("aws")
    client = boto3.client("s3", config=S3_CONFIG)
    client.create_bucket(Bucket="derived", CreateBucketConfiguration={"LocationConstraint": REGION})
    return S3Secrets(client, "derived", "")


@pytest.fixture(params=["memory", "disk", "dynamodb"])
def make_store(request, clock, tmp_path: Path):
    """What opens the store, with how long documents are kept (milliseconds)."""
    if request.param == "memory":
        return partial(MemoryDocuments, clock)
    if request.param == "disk":
        return partial(DiskDocuments, Database(tmp_path / "database", durable=True), clock)
    request.getfixturevalue("aws")
    dynamodb = create_table("table")
    return partial(CountedDocuments, Table(dynamodb, "table"), clock, FakeMeter())


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture(params=["disk", "dynamodb"])
def accounts(request, clock, tmp_path: Path) -> Accounts:
    if request.param == "disk":
        database = Database(tmp_path / "database", durable=True)
        documents = DiskDocuments(database, clock)
        return Accounts(DiskTokens(database), DiskLedger(database), documents)
    request.getfixturevalue("aws")
    table = Table(create_table("table"), "table")
    return Accounts(DynamoTokens(table), DynamoLedger(table, clock), DynamoDocuments(table, clock))


@pytest.fixture(params=["memory", "disk", "s3"])
def objects(request, clock, tmp_path_factory):
    if request.param == "memory":
        return MemoryObjects(clock)
    if request.param == "disk":
        folder = tmp_path_factory.mktemp("data")
        links = Links(b"secret", clock, "https://here.test")
        return DiskObjects(
            Database(folder / "database"), folder / "objects", links, outbox=folder / "outbox"
        )
    request.getfixturevalue("aws")
    client = boto3.client("s3", config=S3_CONFIG)
    for name in ("the-bucket", "the-derived-bucket"):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_bucket_versioning(Bucket="the-bucket", VersioningConfiguration={"Status": "Enabled"})
    return S3Objects(client, "the-bucket", "the-derived-bucket")


@pytest.fixture(params=["memory", "disk", "sqs"])
def queue(request, clock, tmp_path: Path):
    """A queue and a function that takes everything out of it."""
    if request.param == "memory":
        memory = MemoryQueue()
        return memory, memory.take
    if request.param == "disk":
        disk = DiskQueue(Database(tmp_path / "database"), clock, "queue")
        return disk, lambda: [message.body for message in iter(disk.receive, None)]
    request.getfixturevalue("aws")
    client = boto3.client("sqs", config=CONFIG)
    url = client.create_queue(QueueName="queue")["QueueUrl"]

    def take() -> list[str]:
        bodies: list[str] = []
        while got := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in got]
        return bodies

    return SqsQueue(client, url), take
