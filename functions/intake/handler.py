"""Intake: identify what arrived in the bucket and queue its shards."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record
from fanfold.messages import object_created
from fanfold.stages import build

stage = bootstrap.prepared(build.intake)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records whose bodies are EventBridge's events."""
    return each_record(event, context, _record)


def _record(record: SQSRecord) -> None:
    arrival = object_created(record.body)
    if arrival:
        stage()(arrival)
