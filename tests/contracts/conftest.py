"""Each port's suite runs over the fake and over the real adapter on moto."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from fanfold.aws.counted import CountedDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.sqs import SqsQueue
from fanfold.aws.table import Table
from tests.aws import create_table
from tests.fakes.documents import FakeDocuments
from tests.fakes.world import FakeClock, FakeMeter, FakeObjects, FakeQueue

REGION = "eu-central-1"


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


@pytest.fixture(params=["fake", "dynamodb"])
def store(request, clock):
    if request.param == "fake":
        return FakeDocuments(clock)
    request.getfixturevalue("aws")
    dynamodb = create_table("table")
    return CountedDocuments(Table(dynamodb, "table"), clock, FakeMeter())


@pytest.fixture(params=["fake", "s3"])
def objects(request, clock):
    if request.param == "fake":
        return FakeObjects(clock)
    request.getfixturevalue("aws")
    client = boto3.client("s3", config=S3_CONFIG)
    client.create_bucket(
        Bucket="the-bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    client.put_bucket_versioning(Bucket="the-bucket", VersioningConfiguration={"Status": "Enabled"})
    return S3Objects(client, "the-bucket")


@pytest.fixture(params=["fake", "sqs"])
def queue(request):
    """A queue and a function that takes everything out of it."""
    if request.param == "fake":
        fake = FakeQueue()
        return fake, fake.take
    request.getfixturevalue("aws")
    client = boto3.client("sqs", config=CONFIG)
    url = client.create_queue(QueueName="queue")["QueueUrl"]

    def take() -> list[str]:
        bodies: list[str] = []
        while got := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in got]
        return bodies

    return SqsQueue(client, url), take
