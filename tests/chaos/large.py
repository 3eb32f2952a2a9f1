"""One document of 10,000 pages through the real stages on DynamoDB Local.

    python -m tests.chaos.large [PAGES]

Prints how exact it ended, the time, and what its writes were billed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import boto3

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.sdk import CONFIG
from fanfold.aws.table import Table
from fanfold.model import Document
from tests.aws import create_table
from tests.chaos import dynamodb, invariants
from tests.chaos.simulation import Simulation, Weather
from tests.fakes.world import FakeClock

_LOCAL = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")


def main() -> int:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if reason := dynamodb.why_not():
        print(reason)
        return 1
    began = time.monotonic()
    document, counted = _play(pages)
    print(f"{pages} pages in {time.monotonic() - began:.0f} s")
    print(f"{document.state}: {document.pages_done} done, {document.pages_failed} failed")
    print(", ".join(f"{n / pages:.2f} {name} units a page" for name, n in counted.items()))
    return 0 if document.pages_done == pages else 1


def units(pages: int) -> Counter[str]:
    """Return the write and read units that a document of so many pages was billed."""
    return _play(pages)[1]


def _play(pages: int) -> tuple[Document, Counter[str]]:
    with dynamodb.running() as address, tempfile.TemporaryDirectory() as folder:
        os.environ |= {**dict.fromkeys(_LOCAL, "local"), "AWS_ENDPOINT_URL_DYNAMODB": address}
        create_table("table")
        resource, counted = boto3.resource("dynamodb", config=CONFIG), Counter[str]()
        _count_units(resource.meta.client, counted)
        clock = FakeClock()
        store = DynamoDocuments(Table(resource, "table"), clock)
        simulation = Simulation(1, Path(folder), Weather(duplicates=0.05), store, clock)
        id_ = simulation.drop("large.pdf", [f"plain {n}" for n in range(1, pages + 1)])
        simulation.run()
        document = simulation.ended(id_)
        invariants.the_counts_add_up(simulation, document)
    return document, counted


def _count_units(client: Any, units: Counter[str]) -> None:
    def ask(params: dict[str, Any], **_: object) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def count(parsed: dict[str, Any], model: Any, **_: object) -> None:
        used = parsed.get("ConsumedCapacity", [])
        total = sum(one["CapacityUnits"] for one in (used if isinstance(used, list) else [used]))
        units["read" if model.name in ("GetItem", "BatchGetItem", "Query") else "write"] += total

    client.meta.events.register("before-parameter-build.dynamodb", ask)
    client.meta.events.register("after-call.dynamodb", count)


if __name__ == "__main__":
    raise SystemExit(main())
