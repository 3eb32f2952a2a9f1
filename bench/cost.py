"""Measure what a page takes of everything that AWS bills; `fanfold cost` prices it.

    python -m bench.cost [--scan FILE] [--native FILE] [--pages 20] [--out FILE]

Reads a generated scan and a generated born-digital document (or yours) on the embedded cloud and
writes CPU seconds by step, requests, bytes and log lines per page to cli/planning/measured.json.
DynamoDB's units are those that DynamoDB Local bills for a document of 1,000 pages (a JDK and npm;
the last ones are kept without). Beside it stands the CPU time of plain tesseract on the same
pages: that ratio holds on other machines.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import boto3
import psutil

from bench import readers
from bench.book import follow
from bench.counting import Counting, difference
from cli import tools
from cli.planning import measured
from cli.planning.measured import Kind, Measurement
from client.service import Service
from fanfold.ocr.isolation import engine
from infra.rehearsal.cloud import Cloud
from tests.chaos import dynamodb, large
from tests.data import pdfs, prose

ROOT = Path(__file__).resolve().parents[1]
STEPS = ("intake", "split", "page", "assemble")
_WORDS = 330
"""A full page of the samples' letters."""
_LARGE = 1000
"""Pages of the document whose table units are counted."""


@dataclass(frozen=True, slots=True)
class House:
    """A running cloud, and what is counted in it."""

    cloud: Cloud
    client: Service
    counting: Counting
    log: Path


def main() -> None:
    """Read the arguments, measure, write and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "scan": options.scan or _generated(Path(folder), "scan", options.pages),
            "native": options.native or _generated(Path(folder), "native", options.pages),
        }
        writes, reads = _units()
        kinds = {
            name: _kind(file, Path(folder) / f"{name}.log", writes, reads)
            for name, file in files.items()
        }
    found = Measurement(
        dated=datetime.now(UTC).date().isoformat(),
        machine=_machine(),
        engine=engine.versions(tools.find().engine)["tesseract"],
        pages=options.pages,
        kinds=kinds,
    )
    options.out.write_text(found.dump(), encoding="utf-8")
    report(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scan", type=Path, help="a scanned document, instead of a generated one")
    parser.add_argument("--native", type=Path, help="a born-digital one")
    parser.add_argument("--pages", type=int, default=20, help="pages of generated documents")
    parser.add_argument("--out", type=Path, default=measured.MEASURED)
    return parser.parse_args()


def report(found: Measurement) -> None:
    """Print GB-seconds by step, and the ratio that holds elsewhere."""
    for name, kind in found.kinds.items():
        for step, seconds in kind.cpu.items():
            billed = measured.gb_seconds(seconds)
            print(f"{name:8}{step:10}{seconds:8.3f} CPU s {billed:8.3f} GB-s per page")
        ratio = sum(kind.cpu.values()) / kind.plain_cpu
        print(f"{name:8}all steps / (pdftoppm -r 300 | tesseract): {ratio:.2f}")
        print(f"{name:8}{kind.puts:.2f} PUT, {kind.gets:.2f} GET, {kind.sends:.2f} sends per page")
        print(f"{name:8}{kind.writes:.2f} write units, {kind.reads:.2f} read units per page")


def cpu_by_step() -> dict[str, float]:
    """Return the CPU seconds of each step's workers and all they started, so far."""
    spent: dict[str, float] = defaultdict(float)
    for process in psutil.Process().children(recursive=True):
        try:
            step = _step(process)
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        if step:
            spent[step] += times.user + times.system
            spent[step] += times.children_user + times.children_system
    return spent


def _kind(file: Path, log: Path, writes: float, reads: float) -> Kind:
    with _house(log) as house:
        # Once with other options, so that starting the workers is not counted as reading.
        follow(house.client, file, pages="1-")
        before, lines, lay = cpu_by_step(), log.stat().st_size, _lying(house.cloud)
        with difference(house.counting.counts) as counts:
            status = follow(house.client, file).status
        after, left = cpu_by_step(), _lying(house.cloud)
        left.subtract(lay)
        lines = log.stat().st_size - lines
    pages = status.pages.total
    if status.pages.done < pages:
        sys.exit(f"only {status.pages.done} of {pages} pages were read")
    return Kind(
        cpu={step: (after[step] - before[step]) / pages for step in STEPS},
        plain_cpu=_plain(file),
        puts=counts["s3.put"] / pages,
        gets=counts["s3.get"] / pages,
        sends=counts["sqs.request"] / pages,
        messages=counts["sqs.message"] / pages,
        queue_bytes=counts["sqs.bytes"] / pages,
        storage_bytes=counts["s3.bytes"] / pages,
        log_bytes=lines / pages,
        writes=writes,
        reads=reads,
        objects=left.pop("") / pages,
        stored={prefix: size / pages for prefix, size in sorted(left.items())},
    )


@contextmanager
def _house(log: Path) -> Iterator[House]:
    found, counting = tools.find(), Counting()
    cloud = Cloud(
        ROOT / "template.yaml",
        parameters={"Languages": "+".join(tools.languages(found))},
        # Every count is a line of the log, and paid for.
        environment={
            **found.environment,
            **counting.environment,
            "POWERTOOLS_METRICS_DISABLED": "false",
        },
        log=log,
    )
    with cloud:
        counting.start(cloud.aws_url)
        client = Service(cloud.api_url)
        yield House(cloud, client, counting, log)
        client.close()
        counting.stop()


def _lying(cloud: Cloud) -> Counter[str]:
    """Return the bytes in the bucket by the first word of the key; “” counts objects."""
    local = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    client = boto3.client("s3", endpoint_url=cloud.aws_url, region_name="us-east-1", **local)
    sizes = Counter[str]()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=cloud.bucket):
        for thing in page.get("Contents", []):
            sizes.update({thing["Key"].partition("/")[0]: thing["Size"], "": 1})
    return sizes


def _plain(file: Path) -> float:
    """Return the CPU seconds of plain tesseract per page of a document."""
    with readers.house(tools.find().engine) as house:
        spent = [readers.plain(page, "eng").cpu for page in house.pages(file)]
    return sum(spent) / len(spent)


def _generated(folder: Path, kind: str, pages: int) -> Path:
    words = cycle(" ".join(prose.LIGHTHOUSE).split())
    texts = [" ".join(islice(words, _WORDS)) for _ in range(pages)]
    pdf = pdfs.scanned(texts) if kind == "scan" else pdfs.typed(texts)
    path = folder / f"{kind}.pdf"
    path.write_bytes(pdfs.save(pdf))
    return path


def _units() -> tuple[float, float]:
    """Return DynamoDB's write and read units per page."""
    if reason := dynamodb.why_not():
        print(f"{reason} The last measured units are kept.", file=sys.stderr)
        last = measured.load().kinds["scan"]
        return last.writes, last.reads
    units: Mapping[str, int] = large.units(_LARGE)
    return units["write"] / _LARGE, units["read"] / _LARGE


def _machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    return f"{names[0] if names else platform.machine()}, {len(names)} cores"


def _step(process: psutil.Process) -> str | None:
    """Return the step of the worker that ``process`` is or was started by."""
    for candidate in (process, *process.parents()):
        for word in candidate.cmdline():
            if word.startswith("functions.") and word.endswith(".handler.handler"):
                step = word.split(".")[1]
                return step if step in STEPS else None
    return None


if __name__ == "__main__":
    main()
