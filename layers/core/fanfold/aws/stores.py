"""Documents, objects and queues on AWS, as the settings name them."""

from __future__ import annotations

import boto3

from fanfold.aws.counted import CountedDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.secrets import S3Secrets
from fanfold.aws.sqs import SqsQueue
from fanfold.aws.table import Table
from fanfold.aws.tokens import DynamoLedger, DynamoTokens
from fanfold.aws.webhooks import DynamoWebhooks
from fanfold.ports import Clock, Meter, Stores
from fanfold.settings import Settings


def build(settings: Settings, clock: Clock, meter: Meter) -> Stores:
    """Make the clients of the buckets and the table; those of the queues as they are asked for."""

    def queue(step: str) -> SqsQueue:
        return SqsQueue(boto3.client("sqs", config=CONFIG), settings.queue_url(step))

    table = Table(boto3.resource("dynamodb", config=CONFIG), settings.table)
    s3 = boto3.client("s3", config=S3_CONFIG)
    return Stores(
        documents=CountedDocuments(table, clock, meter, retain=settings.retain),
        objects=S3Objects(s3, settings.bucket, settings.derived_bucket),
        queue=queue,
        tokens=DynamoTokens(table),
        ledger=DynamoLedger(table, clock),
        secrets=S3Secrets(s3, settings.derived_bucket, settings.key),
        webhooks=DynamoWebhooks(table),
    )
