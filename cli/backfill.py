"""`fanfold backfill`: objects of another bucket into a deployment's drop folder.

Nothing is noted anywhere: what lies in the drop folder already, as large and not older, is done.
So the same call goes on where an interrupted one ended, and takes what has changed since.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from client.errors import Unreachable, Usage
from fanfold import keys

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_ONCE = 16
"""Copies under way at once: S3 makes them, a call waits for one some tenth of a second."""


class Object(NamedTuple):
    """An object below a prefix, by its path from there."""

    path: str
    size: int
    changed: datetime


@dataclass(slots=True)
class Outcome:
    """How far a call came: objects copied, there already, of no use as documents, and failed."""

    copied: int = 0
    octets: int = 0
    there: int = 0
    left_out: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Backfill:
    """From ``source`` (``s3://bucket/prefix``) into ``folder`` of the ``bucket``'s drop folder."""

    source: str
    bucket: str
    folder: str = ""
    rate: float = 20.0
    client: S3Client = field(default_factory=lambda: boto3.client("s3"))

    def wanted(self, outcome: Outcome) -> Iterator[Object]:
        """Yield what is to be copied, and count the rest; raise Usage or Unreachable.

        Both listings come in the order of their keys, so that none is kept in memory.
        """
        bucket, prefix = self._place()
        there = self._listed(self.bucket, self._target(""))
        known = next(there, None)
        for found in self._listed(bucket, prefix):
            while known and known.path.encode() < found.path.encode():
                known = next(there, None)
            if keys.inbox_path(self._target(found.path)) is None:
                outcome.left_out += 1
            elif known and known.path == found.path and _as_good(known, found):
                outcome.there += 1
            else:
                yield found

    def run(self, outcome: Outcome) -> Iterator[Outcome]:
        """Copy what is to be copied, ``rate`` objects a second; yield how far it came."""
        begun = time.monotonic()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            wanted = self.wanted(outcome)
            while some := list(islice(wanted, _AT_ONCE)):
                done = outcome.copied + len(outcome.failed)
                time.sleep(max(0.0, begun + done / self.rate - time.monotonic()))
                for found, failure in zip(some, pool.map(self._copy, some), strict=True):
                    if failure:
                        outcome.failed.append(f"{found.path}: {failure}")
                    else:
                        outcome.copied += 1
                        outcome.octets += found.size
                yield outcome

    def _copy(self, found: Object) -> str | None:
        """Copy one object; return why it could not be."""
        bucket, prefix = self._place()
        origin = {"Bucket": bucket, "Key": f"{prefix}{found.path}"}
        try:
            self.client.copy(origin, self.bucket, self._target(found.path))  # type: ignore[arg-type]
        except (BotoCoreError, Boto3Error, ClientError) as error:
            return str(error)
        return None

    def _listed(self, bucket: str, prefix: str) -> Iterator[Object]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        try:
            for page in pages:
                for item in page.get("Contents", ()):
                    path = item["Key"].removeprefix(prefix)
                    yield Object(path, item["Size"], item["LastModified"])
        except (BotoCoreError, ClientError) as error:
            raise Unreachable(f"The bucket {bucket} cannot be listed: {error}") from error

    def _place(self) -> tuple[str, str]:
        """Return bucket and prefix of the source."""
        parts = urlsplit(self.source)
        prefix = self.source.removeprefix(f"s3://{parts.netloc}").removeprefix("/")
        if parts.scheme != "s3" or not parts.netloc:
            raise Usage(f"{self.source} is no s3://bucket/prefix.")
        if parts.netloc == self.bucket and self._target("").startswith(prefix):
            raise Usage(f"{self.source} holds the drop folder that it would be copied into.")
        return parts.netloc, prefix

    def _target(self, path: str) -> str:
        folder = self.folder.strip("/")
        return f"{keys.INBOX}{folder}/{path}" if folder else f"{keys.INBOX}{path}"


def _as_good(known: Object, found: Object) -> bool:
    return known.size == found.size and known.changed >= found.changed
