"""Page: read one page. The heavy lane runs this very handler with more memory and time."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record, receives
from fanfold.messages import PageMessage, decode
from fanfold.stages import build

stage = bootstrap.prepared(build.page)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records whose bodies are PageMessages."""
    return each_record(event, context, _record)


def _record(record: SQSRecord) -> None:
    stage()(decode(PageMessage, record.body), receives(record))
