"""Remove a stack, having said what stays: ``python -m infra.ops.destroy --stack fanfold``.

Documents are not removed with the service: buckets and table stay, and how to remove them is
printed. Asks for the stack's name before anything happens; a protected stack is left alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from infra.ops.stacks import NoSuchStack, Resource, describe, resources

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_BUCKET, _TABLE = "AWS::S3::Bucket", "AWS::DynamoDB::Table"


def main(arguments: list[str] | None = None) -> int:
    """Explain, ask, remove, wait."""
    asked = _arguments(arguments)
    client = boto3.client("cloudformation")
    try:
        found = describe(client, asked.stack)
        kept = [one for one in resources(client, asked.stack) if one.retained]
        print("\n".join(explanation(asked.stack, kept)))
        if found.get("EnableTerminationProtection"):
            return _complain(
                f"{asked.stack} is protected. Lift it first:\n  aws cloudformation"
                f" update-termination-protection --no-enable-termination-protection"
                f" --stack-name {asked.stack}"
            )
        if not _agreed(asked.stack, asked.yes):
            return _complain("nothing was removed")
        _remove(client, asked.stack)
    except (NoSuchStack, BotoCoreError, ClientError, WaiterError) as error:
        return _complain(str(error))
    print(f"destroy: {asked.stack} is gone")
    return 0


def explanation(stack: str, kept: Sequence[Resource]) -> Iterator[str]:
    """Say what a removal leaves, and how to remove that, too."""
    yield f"Removing the stack {stack} ends the service: functions, queues, API, alarms and logs."
    yield "Documents under way stop where they are. These stay, with all that is in them:"
    for one in kept:
        yield f"  {one.type:24} {one.name}"
    yield "To remove them as well, afterwards and for good:"
    for one in kept:
        yield from _farewell(one)


def _farewell(one: Resource) -> Iterator[str]:
    lines = {
        _BUCKET: (
            "{python} -m infra.ops.empty --bucket {name}",
            "aws s3api delete-bucket --bucket {name}",
        ),
        _TABLE: (
            "aws dynamodb update-table --table-name {name} --no-deletion-protection-enabled",
            "aws dynamodb delete-table --table-name {name}",
        ),
    }
    for line in lines.get(one.type, ("# {name}: others of the account may use it; leave it",)):
        yield "  " + line.format(name=one.name, python=sys.executable)


def _agreed(stack: str, yes: str) -> bool:
    if yes:
        return yes == stack
    print(f"\nType {stack} to remove it: ", end="", flush=True)
    return sys.stdin.readline().strip() == stack


def _remove(client: CloudFormationClient, stack: str) -> None:
    client.delete_stack(StackName=stack)
    client.get_waiter("stack_delete_complete").wait(StackName=stack)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="destroy", description="Remove a stack.")
    parser.add_argument("--stack", required=True, help="name of the deployed stack")
    parser.add_argument("--yes", default="", metavar="STACK", help="its name again: do not ask")
    return parser.parse_args(arguments)


def _complain(sentence: str) -> int:
    print(f"destroy: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
