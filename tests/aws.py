"""What tests create on moto, read from template.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

TEMPLATE = Path(__file__).parents[1] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads the template; intrinsics are left aside, the table's schema has none."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def create_table(
    name: str, where: DynamoDBServiceResource | None = None, **more: Any
) -> DynamoDBServiceResource:
    """Create the one table with the template's keys and indexes, and whatever else is said."""
    dynamodb = where or boto3.resource("dynamodb")
    dynamodb.create_table(TableName=name, **_schema(), **more)
    return dynamodb


@cache
def _schema() -> dict[str, Any]:
    table = yaml.load(TEMPLATE.read_text("utf-8"), _Loader)["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
    return {key: table[key] for key in wanted}
