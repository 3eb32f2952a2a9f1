"""Split: cut one shard into one-page files and queue its pages."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record
from fanfold.messages import SplitMessage, decode
from fanfold.stages import build

stage = bootstrap.prepared(build.split)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records whose bodies are SplitMessages."""
    return each_record(event, context, lambda record: stage()(decode(SplitMessage, record.body)))
