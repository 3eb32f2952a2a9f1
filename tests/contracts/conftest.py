"""Each port's suite runs over the fake and over the real adapter on moto."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import yaml
from moto import mock_aws

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.sqs import SqsQueue
from fanfold.aws.table import Table
from tests.fakes.documents import FakeDocuments
from tests.fakes.world import FakeClock, FakeObjects, FakeQueue

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
REGION = "eu-central-1"


class _Loader(yaml.SafeLoader):
    """Reads the template; intrinsics are left aside, the table has none that matter."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


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
    properties = yaml.load(TEMPLATE.read_text(), _Loader)["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
    dynamodb = boto3.resource("dynamodb", config=CONFIG)
    dynamodb.create_table(TableName="table", **{name: properties[name] for name in wanted})
    return DynamoDocuments(Table(dynamodb, "table"), clock)


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
