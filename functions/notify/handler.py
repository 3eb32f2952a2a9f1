"""Notify: tell webhooks of documents and pages that have ended."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record
from fanfold.messages import decode_news
from fanfold.stages import build

stage = bootstrap.prepared(build.notify)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records whose bodies are NotifyMessages."""
    return each_record(event, context, lambda record: stage()(decode_news(record.body)))
