"""Assemble: fold a document's pages into its results."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record, receives
from fanfold.messages import AssembleMessage, decode
from fanfold.stages import build

stage = bootstrap.prepared(build.assemble)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records whose bodies are AssembleMessages."""
    return each_record(event, context, _record)


def _record(record: SQSRecord) -> None:
    stage()(decode(AssembleMessage, record.body), receives(record))
