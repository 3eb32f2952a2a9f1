"""Remove every version of every object of a bucket: ``python -m infra.ops.empty --bucket NAME``.

For the bucket that outlived its stack. There is no way back; asks for the bucket's name first.
"""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def main(arguments: list[str] | None = None) -> int:
    """Ask, then empty."""
    parser = argparse.ArgumentParser(
        prog="empty", description="Empty a bucket, versions and all, for good."
    )
    parser.add_argument("--bucket", required=True)
    bucket = parser.parse_args(arguments).bucket
    print(f"Type {bucket} to remove all that is in it, for good: ", end="", flush=True)
    if sys.stdin.readline().strip() != bucket:
        print("\nempty: nothing was removed", file=sys.stderr)
        return 1
    try:
        boto3.resource("s3").Bucket(bucket).object_versions.delete()
    except (BotoCoreError, ClientError) as error:
        print(f"empty: {error}", file=sys.stderr)
        return 1
    print(f"empty: {bucket} is empty")
    return 0


if __name__ == "__main__":
    sys.exit(main())
