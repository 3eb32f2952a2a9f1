"""Assemble: fold a document's pages into its results."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import each_record
from fanfold.messages import AssembleMessage, decode

stage = bootstrap.prepared(bootstrap.assemble)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take SQS records whose bodies are AssembleMessages."""
    return each_record(event, context, lambda record: stage()(decode(AssembleMessage, record.body)))
