"""What 1,000 pages of a document cost on AWS, from the CPU time that they take here.

    python -m bench.cost FILE [--seconds-of-waiting 0.25]

Lambda gives CPU in proportion to memory, 1,769 MB for one core. A function that computes all the
time therefore costs the same GB-seconds at any smaller memory: CPU seconds × 1,769 / 1,024. On top
comes the time it waits for S3, SQS and DynamoDB, billed at its memory; that cannot be measured
without an account and is an assumption, printed with the result. Prices: bench/prices.toml.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import psutil

from bench.book import follow
from bench.corpus_states import service
from cli.service import Service

FULL_CORE_MB = 1769
"""AWS Lambda developer guide, “Configuring Lambda function memory”."""
MEMORY_MB = {"intake": 1024, "split": 1024, "page": 320, "assemble": 1769}
REQUESTS = {"sqs": 4, "write": 4, "read": 2, "put": 3, "get": 4}
"""Per page: send, receive and delete a message with its share of the steps before and after;
a mark of at most 3 units and a share of META; META and shard; one-page file, result and text
layer; the same again when they are read and folded."""
THOUSAND = 1000


def main() -> None:
    """Measure one document and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds-of-waiting", type=float, default=0.25)
    options = parser.parse_args()
    with service(None) as client:
        _warm(client, options.file)
        before = cpu_by_step()
        timing = follow(client, options.file)
        after = cpu_by_step()
    pages = timing.status.pages.total
    if timing.status.pages.done < pages:
        sys.exit(f"only {timing.status.pages.done} of {pages} pages were read")
    spent = {step: (after[step] - before[step]) / pages for step in MEMORY_MB}
    report(spent, options.seconds_of_waiting)


def cpu_by_step() -> dict[str, float]:
    """Return the CPU seconds of each step's workers and all they started, so far."""
    found: dict[str, float] = defaultdict(float)
    for process in psutil.Process().children(recursive=True):
        try:
            step = _step(process)
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        if step:
            found[step] += times.user + times.system
            found[step] += times.children_user + times.children_system
    return found


def gb_seconds(cpu: Mapping[str, float], waiting: float) -> dict[str, float]:
    """Return GB-seconds per page by step; only a page waits for every page."""
    computing = {step: seconds * FULL_CORE_MB / 1024 for step, seconds in cpu.items()}
    computing["page"] += waiting * MEMORY_MB["page"] / 1024
    return computing


def report(cpu: Mapping[str, float], waiting: float) -> None:
    """Print CPU and GB-seconds per page, and dollars per 1,000 pages."""
    prices = tomllib.loads(Path(__file__).with_name("prices.toml").read_text(encoding="utf-8"))
    billed = gb_seconds(cpu, waiting)
    for step, seconds in cpu.items():
        print(f"{step:10}{seconds:8.3f} CPU s   {billed[step]:8.3f} GB-s   per page")
    rest = _requests(prices)
    for architecture in ("x86_64", "arm64"):
        total = sum(billed.values()) * prices["lambda"][f"gb_second_{architecture}"] + rest
        ratio = prices["textract"]["page"] / total
        print(f"{architecture:10}{total * THOUSAND:8.3f} $ per 1,000 pages, Textract / {ratio:.0f}")
    print(f"           of it {rest * THOUSAND:.3f} $ for requests to SQS, DynamoDB, S3 and Lambda")
    print(f"           prices of {prices['dated']}, {waiting} s of waiting per page assumed,")
    print("           arm64 assumed to take the CPU time of this machine; idle costs not included")


def _requests(prices: Mapping[str, Mapping[str, float]]) -> float:
    return (
        prices["lambda"]["request"]
        + REQUESTS["sqs"] * prices["sqs"]["request"]
        + REQUESTS["write"] * prices["dynamodb"]["write"]
        + REQUESTS["read"] * prices["dynamodb"]["read"]
        + REQUESTS["put"] * prices["s3"]["put"]
        + REQUESTS["get"] * prices["s3"]["get"]
    )


def _step(process: psutil.Process) -> str | None:
    """Return the step of the worker that ``process`` is or was started by."""
    for candidate in (process, *process.parents()):
        for word in candidate.cmdline():
            if word.startswith("functions.") and word.endswith(".handler.handler"):
                step = word.split(".")[1]
                return step if step in MEMORY_MB else None
    return None


def _warm(client: Service, file: Path) -> None:
    """Read the document once, so that starting the workers is not counted as reading.

    Other options, same pages: the same options would be answered from this reading.
    """
    follow(client, file, pages="1-")


if __name__ == "__main__":
    main()
