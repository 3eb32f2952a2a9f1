"""Measure what a page takes of everything that AWS bills; `fanfold cost` prices it.

    python -m bench.cost [--scan FILE] [--native FILE] [--pages 20] [--reader R] [--out FILE]

Reads a generated scan and a generated born-digital document (or yours) on the embedded cloud, then
documents of one page of either kind, and writes CPU seconds and requests by step, bytes and log
lines per page to cli/planning/measured.json: `fanfold cost` prices documents of any length by
them, and `fanfold plan` takes each step's time for a document from them. DynamoDB's units are
those that DynamoDB Local bills for documents of 1,000 pages and of one (a JDK and npm; the last
ones are kept without). Beside it stands the CPU time of plain tesseract on the same pages: that
ratio holds on other machines. Printed at the end is what 1,000 scans cost.
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
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import boto3
import psutil

from bench import readers
from bench.book import follow
from bench.counting import Counting, difference
from cli import tools
from cli.planning import bill, measured, prices
from cli.planning.bill import Wish
from cli.planning.cost import Case
from cli.planning.deployment import Deployment
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
_SINGLES = 10
"""Documents of one page that are read."""
_THOUSAND = 1000


class Units(NamedTuple):
    """DynamoDB's write and read units per page."""

    writes: float
    reads: float


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
        logs = Path(folder)
        files = {
            "scan": options.scan or _generated(logs, "scan", options.pages),
            "native": options.native or _generated(logs, "native", options.pages),
        }
        kinds = {
            name: _kind([file], logs / f"{name}.log", options.reader, _units(name, _LARGE))
            for name, file in files.items()
        }
        singles = {
            name: _kind(
                [_generated(logs, name, 1, number) for number in range(_SINGLES)],
                logs / f"{name}-single.log",
                options.reader,
                _units(name, 1),
            )
            for name in files
        }
    found = Measurement(
        dated=datetime.now(UTC).date().isoformat(),
        machine=_machine(),
        engine=engine.versions(tools.find().engine)["tesseract"],
        reader=options.reader,
        pages=options.pages,
        kinds=kinds,
        singles=singles,
    )
    options.out.write_text(found.dump(), encoding="utf-8")
    report(found)
    priced(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scan", type=Path, help="a scanned document, instead of a generated one")
    parser.add_argument("--native", type=Path, help="a born-digital one")
    parser.add_argument("--pages", type=int, default=20, help="pages of generated documents")
    parser.add_argument("--reader", default="tesseract", help="the template's parameter Engine")
    parser.add_argument("--out", type=Path, default=measured.MEASURED)
    return parser.parse_args()


def report(found: Measurement) -> None:
    """Print GB-seconds by step, and the ratio that holds elsewhere."""
    for name, kind in found.kinds.items():
        beside = found.document(name)
        for step, seconds in kind.cpu.items():
            billed = measured.gb_seconds(seconds)
            print(
                f"{name:8}{step:10}{seconds:8.3f} CPU s {billed:8.3f} GB-s per page;"
                f" {beside.cpu[step]:.3f} CPU s and {beside.calls[step]:.1f} requests a document"
            )
        ratio = sum(kind.cpu.values()) / kind.plain_cpu
        print(f"{name:8}all steps / (pdftoppm -r 300 | tesseract): {ratio:.2f}")
        print(f"{name:8}{kind.puts:.2f} PUT, {kind.gets:.2f} GET, {kind.sends:.2f} sends per page")
        print(f"{name:8}{kind.writes:.2f} write units, {kind.reads:.2f} read units per page")


def priced(found: Measurement) -> None:
    """Print what 1,000 scanned pages cost, by how long they are kept and how long documents are."""
    for days in ("30", "8"):
        deployed = Deployment({"RetainDays": days})
        for pages in (found.pages, 1):
            case = Case(deployed, prices.load(), found, 0.0, Wish(document_pages=pages))
            whole, between = bill.total(case.page()), bill.total(case.between)
            print(
                f"RetainDays={days:3} documents of {pages:3} pages: {whole * _THOUSAND:.4f} $ per"
                f" 1,000 scans, of which {between * _THOUSAND:.4f} $ for requests, events and"
                " versions of what is between"
            )


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


def _kind(files: list[Path], log: Path, reader: str, units: Units) -> Kind:
    """Return what a page of these documents takes, all of one length."""
    with _house(log, reader) as house:
        # Once with other options, so that starting the workers is not counted as reading.
        follow(house.client, files[0], pages="1-")
        before, lines, lay = cpu_by_step(), log.stat().st_size, _lying(house.cloud)
        with difference(house.counting.counts) as counts:
            read = [follow(house.client, file).status.pages for file in files]
        after, left = cpu_by_step(), _lying(house.cloud)
        left.subtract(lay)
        lines = log.stat().st_size - lines
    pages = sum(one.total for one in read)
    if sum(one.done for one in read) < pages:
        sys.exit(f"only {sum(one.done for one in read)} of {pages} pages were read")
    return Kind(
        cpu={step: (after[step] - before[step]) / pages for step in STEPS},
        calls={step: counts[f"calls.fanfold-{step.title()}Function"] / pages for step in STEPS},
        plain_cpu=_plain(files[0]),
        puts=counts["s3.put"] / pages,
        gets=counts["s3.get"] / pages,
        between_puts=counts["between.put"] / pages,
        between_gets=counts["between.get"] / pages,
        sends=counts["sqs.request"] / pages,
        messages=counts["sqs.message"] / pages,
        queue_bytes=counts["sqs.bytes"] / pages,
        storage_bytes=counts["s3.bytes"] / pages,
        log_bytes=lines / pages,
        writes=units.writes,
        reads=units.reads,
        stored={at: left[f"{at} bytes"] / pages for at in _words(left)},
        objects={at: left[f"{at} objects"] / pages for at in _words(left)},
    )


@contextmanager
def _house(log: Path, reader: str) -> Iterator[House]:
    found, counting = tools.find(), Counting()
    cloud = Cloud(
        ROOT / "template.yaml",
        parameters={"Languages": "+".join(tools.languages(found)), "Engine": reader},
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
    """Return what lies in the buckets by the first word of the key: its bytes and its objects."""
    local = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    client = boto3.client("s3", endpoint_url=cloud.aws_url, region_name="us-east-1", **local)
    found = Counter[str]()
    for bucket in cloud.buckets:
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for thing in page.get("Contents", []):
                word = thing["Key"].partition("/")[0]
                found.update({f"{word} bytes": thing["Size"], f"{word} objects": 1})
    return found


def _words(found: Counter[str]) -> list[str]:
    return sorted({name.partition(" ")[0] for name in found})


def _plain(file: Path) -> float:
    """Return the CPU seconds of plain tesseract per page of a document."""
    with readers.house(tools.find().engine) as house:
        spent = [readers.plain(page, "eng").cpu for page in house.pages(file)]
    return sum(spent) / len(spent)


def _generated(folder: Path, kind: str, pages: int, number: int = 0) -> Path:
    """Write a document; another number is another text."""
    words = cycle(" ".join(prose.LIGHTHOUSE).split())
    list(islice(words, number))
    texts = [" ".join(islice(words, _WORDS)) for _ in range(pages)]
    pdf = pdfs.scanned(texts) if kind == "scan" else pdfs.typed(texts)
    path = folder / f"{kind}-{pages}-{number}.pdf"
    path.write_bytes(pdfs.save(pdf))
    return path


def _units(name: str, pages: int) -> Units:
    """Return DynamoDB's units per page of a document of so many pages."""
    if reason := dynamodb.why_not():
        print(f"{reason} The last measured units are kept.", file=sys.stderr)
        last = measured.load()
        kind = (last.singles if pages == 1 else last.kinds)[name]
        return Units(kind.writes, kind.reads)
    return _billed(pages)


@cache
def _billed(pages: int) -> Units:
    units: Mapping[str, int] = large.units(pages)
    return Units(units["write"] / pages, units["read"] / pages)


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
