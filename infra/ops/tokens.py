"""The tokens of a deployed stack, in its table."""

from __future__ import annotations

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from fanfold.aws.sdk import CONFIG
from fanfold.aws.table import Table
from fanfold.aws.tokens import DynamoTokens
from fanfold.bootstrap import SystemClock
from fanfold.stages.tokens import Tokens
from infra.ops.stacks import NoSuchStack, outputs


def of_stack(stack: str) -> Tokens:
    """Return what knows a stack's tokens; raise NoSuchStack."""
    try:
        found = outputs(boto3.client("cloudformation"), stack)
    except (BotoCoreError, ClientError) as error:
        raise NoSuchStack(str(error)) from error
    if "TableName" not in found:
        raise NoSuchStack(f"The stack {stack} is none of Fanfold: it names no table.")
    table = Table(boto3.resource("dynamodb", config=CONFIG), found["TableName"])
    return Tokens(DynamoTokens(table), SystemClock())
