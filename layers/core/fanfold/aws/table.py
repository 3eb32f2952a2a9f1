"""One table: conditional updates and reads, with the SDK's exceptions turned into values."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from fanfold.aws.sdk import code_of, healing
from fanfold.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

_CONDITION_FAILED = "ConditionalCheckFailedException"
_PLACEHOLDER = re.compile(r"#(\w+)")
_MAXIMUM_ITEMS = 100  # in one BatchGetItem
_MAXIMUM_TRIES = 6
"""Maximum of times that what a BatchGetItem left over is asked for again."""
_deserialize = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update left. ``applied`` is False where its condition refused it.

    ``item`` is the item after the update, or as it was when it was refused; None if there is none.
    """

    applied: bool
    item: dict[str, Any] | None


class Table:
    """Thin over DynamoDB's table resource: names are escaped, refusals are values."""

    def __init__(self, dynamodb: DynamoDBServiceResource, name: str) -> None:
        self._dynamodb = dynamodb
        self._name = name
        self._table = dynamodb.Table(name)

    def put_new(self, item: Mapping[str, Any]) -> bool:
        """Write an item if there is none with its key; False if there is."""
        try:
            with healing():
                self._table.put_item(
                    Item=dict(item), ConditionExpression="attribute_not_exists(pk)"
                )
        except ClientError as error:
            if code_of(error) == _CONDITION_FAILED:
                return False
            raise
        return True

    def put(self, item: Mapping[str, Any]) -> None:
        """Write an item, whatever is there."""
        with healing():
            self._table.put_item(Item=dict(item))

    def replace(self, item: Mapping[str, Any], *, run: int) -> Updated:
        """Write an item in the place of one whose ``run`` is the given one."""
        try:
            with healing():
                self._table.put_item(
                    Item=dict(item),
                    ConditionExpression="#run = :run",
                    ExpressionAttributeNames={"#run": "run"},
                    ExpressionAttributeValues={":run": run},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as error:
            return _refused(error)
        return Updated(True, dict(item))

    def get(self, key: Mapping[str, str], *, consistent: bool) -> dict[str, Any] | None:
        """Read one item, None if there is none."""
        with healing():
            return self._table.get_item(Key=dict(key), ConsistentRead=consistent).get("Item")

    def get_many(self, keys: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
        """Read the items that exist, strongly consistent, in no order."""
        for start in range(0, len(keys), _MAXIMUM_ITEMS):
            rest: Any = {
                self._name: {
                    "Keys": [dict(key) for key in keys[start : start + _MAXIMUM_ITEMS]],
                    "ConsistentRead": True,
                }
            }
            for attempt in count():
                with healing():
                    answer = self._dynamodb.batch_get_item(RequestItems=rest)
                yield from answer["Responses"].get(self._name, [])
                rest = answer.get("UnprocessedKeys")
                if not rest:
                    break
                if attempt == _MAXIMUM_TRIES:
                    raise Unavailable("The table did not read all that it was asked for.")
                # Full jitter, 0.05 to 1.6 s at most: what is left was throttled, or beyond 16 MB.
                time.sleep(random.uniform(0, 0.05 * 2**attempt))

    def update(
        self,
        key: Mapping[str, str],
        expression: str,
        *,
        condition: str,
        values: Mapping[str, Any],
    ) -> Updated:
        """Update one item under a condition.

        Attribute names are written ``#name`` in the expressions. An update never creates an item:
        ``attribute_exists(pk)`` is added to every condition.
        """
        words = set(_PLACEHOLDER.findall(f"{expression} {condition}"))
        try:
            with healing():
                answer = self._table.update_item(
                    Key=dict(key),
                    UpdateExpression=expression,
                    ConditionExpression=f"attribute_exists(pk) AND {condition}",
                    ExpressionAttributeNames={f"#{word}": word for word in words},
                    ExpressionAttributeValues=dict(values),
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as error:
            return _refused(error)
        return Updated(True, answer["Attributes"])

    def delete(self, keys: Sequence[Mapping[str, str]]) -> None:
        """Remove items; those that are not there are no error."""
        with healing(), self._table.batch_writer() as batch:
            for key in keys:
                batch.delete_item(Key=dict(key))

    def query(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's own arguments
        """Query the table or an index."""
        with healing():
            return dict(self._table.query(**arguments))


def _refused(error: ClientError) -> Updated:
    """Return what a refused write found; raise any other error."""
    if code_of(error) != _CONDITION_FAILED:
        raise error
    old: Any = error.response.get("Item")
    return Updated(False, {k: _deserialize(v) for k, v in old.items()} if old else None)
