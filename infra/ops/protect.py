"""Keep a stack from losing its data by an update: ``python -m infra.ops.protect --stack fanfold``.

Sets infra/aws/stack-policy.json, which lets no update replace or remove bucket, table or queues,
and turns on termination protection. Doing it again changes nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

POLICY = Path(__file__).parents[1] / "aws" / "stack-policy.json"


def main(arguments: list[str] | None = None) -> int:
    """Protect one stack."""
    parser = argparse.ArgumentParser(prog="protect", description="Protect a stack's data.")
    parser.add_argument("--stack", required=True, help="name of the deployed stack")
    stack = parser.parse_args(arguments).stack
    client = boto3.client("cloudformation")
    try:
        client.set_stack_policy(StackName=stack, StackPolicyBody=POLICY.read_text("utf-8"))
        client.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    except (BotoCoreError, ClientError) as error:
        print(f"protect: {error}", file=sys.stderr)
        return 1
    print(f"protect: {stack} keeps its data")
    return 0


if __name__ == "__main__":
    sys.exit(main())
