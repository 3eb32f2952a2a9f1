"""Lost: turn dead letters into failed pages and failed documents, each with a reason."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record, step_of
from fanfold.stages import build

stage = bootstrap.prepared(build.lost)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records of the dead-letter queues; the queue's name says which step failed."""
    return each_record(event, context, _record)


def _record(record: SQSRecord) -> None:
    stage()(step_of(record), record.body)
