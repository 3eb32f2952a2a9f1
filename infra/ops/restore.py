"""Put documents of a restored table back: ``python -m infra.ops.restore --from A --to B ID …``.

Point-in-time recovery restores into a new table, and the stack uses the one it made. What is
newer in the stack's table is left alone: an item is written only where there is none, or where it
has an earlier run of the document.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import BotoCoreError, ClientError

from fanfold import ranges
from fanfold.aws import items
from fanfold.model import shard_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def main(arguments: list[str] | None = None) -> int:
    """Restore the documents that are named."""
    parser = argparse.ArgumentParser(prog="restore", description="Put documents back.")
    parser.add_argument("--from", required=True, dest="source", help="the restored table")
    parser.add_argument("--to", required=True, dest="target", help="the stack's table")
    parser.add_argument("documents", nargs="+", metavar="ID")
    asked = parser.parse_args(arguments)
    tables = boto3.resource("dynamodb")
    source, target = tables.Table(asked.source), tables.Table(asked.target)
    try:
        absent = [one for one in asked.documents if not restore(source, target, one)]
    except (BotoCoreError, ClientError) as error:
        print(f"restore: {error}", file=sys.stderr)
        return 1
    for document in absent:
        print(f"restore: {document} is not in {asked.source}", file=sys.stderr)
    return 1 if absent else 0


def restore(source: Table, target: Table, document: str) -> bool:
    """Write a document's items; False if the source has none of it.

    Its shards first: whoever finds the document finds its pages.
    """
    meta = _item(source, items.meta_key(document))
    if meta is None:
        return False
    shards = list(_shards(source, document, meta))
    written = [_write(target, item) for item in (*shards, meta)]
    print(f"restore: {document}: {sum(written)} of {len(written)} items written")
    return True


def _shards(source: Table, document: str, meta: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = items.document_from(meta)
    pages = ranges.expand(found.selection, found.document_pages)
    for number in sorted({shard_of(page) for page in pages}):
        shard = _item(source, items.shard_key(document, number))
        if shard:
            yield shard


def _item(table: Table, key: dict[str, str]) -> dict[str, Any] | None:
    return table.get_item(Key=key, ConsistentRead=True).get("Item")


def _write(target: Table, item: dict[str, Any]) -> bool:
    earlier = Attr("pk").not_exists() | Attr("run").lt(item["run"])
    try:
        target.put_item(Item=item, ConditionExpression=earlier)
    except target.meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
