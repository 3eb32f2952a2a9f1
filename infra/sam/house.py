"""The embedded AWS with the template's resources and without workers: the functions run in SAM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fanfold import keys
from fanfold.aws.items import shard_key
from fanfold.model import shard_of
from infra.http.serving import listen
from infra.rehearsal.aws import EmbeddedAws
from infra.rehearsal.clients import Clients
from infra.rehearsal.resources import Builder
from infra.template.names import Place, physical_name
from infra.template.template import Template, load
from infra.template.wiring import Function, wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class House:
    """Buckets, table, and queues by the names of the functions that they belong to."""

    url: str
    bucket: str
    derived: str
    s3: S3Client
    queues: Mapping[str, tuple[str, ...]]
    """URLs of the queues that a function is fed from."""
    _sqs: SQSClient
    _dynamodb: DynamoDBClient
    _table: str

    def take(self, function: str) -> list[str]:
        """Take the bodies of all messages that wait for a function."""
        return [body for url in self.queues[function] for body in self._drain(url)]

    def _drain(self, url: str) -> Iterator[str]:
        while got := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in got:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                yield message["Body"]

    def lose_reader(self, document: str, page: int) -> None:
        """Note that the heavy lane began a page so long ago that whoever did it is dead."""
        key = {name: {"S": value} for name, value in shard_key(document, shard_of(page)).items()}
        self._dynamodb.update_item(
            TableName=self._table,
            Key=key,
            UpdateExpression=f"SET h{page} = :moment",
            ExpressionAttributeValues={":moment": {"N": "0"}},
        )

    def put(self, key: str, body: bytes) -> str:
        """Put an object and return its version."""
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"]

    def get(self, key: str) -> bytes:
        """Return what an object holds, nothing where there is none."""
        bucket = self.derived if keys.is_derived(key) else self.bucket
        try:
            found = self.s3.get_object(Bucket=bucket, Key=key)
        except self.s3.exceptions.NoSuchKey:
            return b""
        return found["Body"].read()


@contextmanager
def opened(path: Path) -> Iterator[House]:
    """Run the embedded AWS on loopback, with all that the template at ``path`` stores data in."""
    aws = EmbeddedAws(listen(0))
    aws.start()
    try:
        template = load(path, Place(aws.url))
        clients = Clients(template.place)
        Builder(clients, template).build()
        bucket, derived = _names(template, "AWS::S3::Bucket")
        (table,) = _names(template, "AWS::DynamoDB::Table")
        yield House(
            aws.url,
            bucket,
            derived,
            clients.s3(),
            _queues(template),
            clients.sqs(),
            clients.dynamodb(),
            table,
        )
    finally:
        aws.stop()


def functions(path: Path, url: str, parameters: Mapping[str, str]) -> dict[str, Function]:
    """Return the template's functions by logical id, for workers that see AWS at ``url``."""
    return {each.id: each for each in wire(load(path, Place(url), parameters)).functions.values()}


def _names(template: Template, kind: str) -> Iterator[str]:
    """Yield the names of the resources of a kind, as the template has them."""
    for resource in template.resources(kind):
        yield physical_name(template.place, resource, template.value)


def _queues(template: Template) -> dict[str, tuple[str, ...]]:
    wiring = wire(template)
    return {
        function.id: tuple(s.queue_url for s in wiring.sources if s.function == name)
        for name, function in wiring.functions.items()
    }
