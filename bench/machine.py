"""What one machine costs: CPU seconds of all processes, and memory, beside what they may be.

    python -m bench.machine [--documents 500] [--runs 3]         every budget, a sweep of deaths
    python -m bench.machine clients [--clients 20] [--documents 300]   many clients at once

The memory is PSS: what processes share is counted once. CPU seconds are the least of ``runs``
runs: a busy machine makes them longer, nothing makes them shorter. ``rehearsal`` is what the same
takes on the embedded AWS, which was the way to read on one machine before there was this one.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench import clients, going_on
from bench.clients import memory
from bench.endtoend import service, started, used
from tests.chaos import restarts
from tests.data.samples import ensure

_FANFOLD = (sys.executable, "-m", "cli")
_LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """A budget: what was measured, what is allowed, the unit, and the rehearsal's measure."""

    name: str
    found: float
    limit: float
    unit: str
    rehearsal: float | None = None

    def __str__(self) -> str:
        """Return the line that is printed."""
        verdict = "ok" if self.found <= self.limit else "OVER"
        beside = f"{self.rehearsal:10.2f}" if self.rehearsal is not None else f"{'-':>10}"
        return f"{self.name:46}{beside}{self.found:9.2f}{self.limit:9.2f} {self.unit:6}{verdict}"


def main() -> None:
    """Measure, print, and exit with 1 where a budget is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("budgets", "clients"), default="budgets")
    parser.add_argument("--documents", type=int)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{'':46}{'rehearsal':>10}{'found':>9}{'limit':>9}")
    if options.what == "clients":
        measured = crowd(options.clients, options.documents or 300)
    else:
        measured = budgets(options.documents or 500, options.runs)
    over = False
    for row in measured:
        print(row, flush=True)
        over |= row.found > row.limit
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(over)


def budgets(documents: int, runs: int) -> Iterator[Row]:
    """Measure every budget of one machine."""
    samples = ensure()
    before = rehearsed(samples)
    yield from extracts(samples, runs, before)
    yield from serving(samples, documents, before)
    yield from deaths(samples)


def crowd(count: int, documents: int) -> Iterator[Row]:
    """Measure what a service answers many clients while it reads."""
    with service() as (url, family):
        log = clients.play(url, count, documents)
        mistakes = list(clients.wrong(url, log, documents))
        yield Row(f"{documents} documents: wrong, lost or doubled", len(mistakes), 0, "")
        for kind, share, limit in (
            ("health", 0.99, 0.1), ("status", 0.99, 1.0), ("post", 0.5, math.inf),
            ("post", 0.99, math.inf),
        ):  # fmt: skip
            name = f"{kind}, p{share * 100:.0f} of {len(log.seconds[kind])}, {count} clients"
            yield Row(name, log.percentile(kind, share), limit, "s")
        yield Row("all processes at the end", memory(family), math.inf, "MB")
    for mistake in mistakes[:20]:
        print(mistake)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The embedded AWS: CPU seconds to its ready line and for a page besides, MB idle and after."""

    ready: float
    native: float
    idle: float
    after: float


_REHEARSED_DOCUMENTS = 70


def rehearsed(samples: Path) -> Rehearsed:
    """Measure the embedded AWS: a page from its start to the text, and what it keeps."""
    with started("cloud", "--port", "0", "--aws-port", "0") as (url, family):
        time.sleep(2)
        ready, idle = used(family), memory(family)
        native = (*_FANFOLD, "extract", str(samples / "native.pdf"), "--pages", "1")
        client = cost_of((*native, "--endpoint", url)).cpu
        read = used(family) + client
        read_many(url, samples / "native.pdf", _REHEARSED_DOCUMENTS)
        time.sleep(2)
        return Rehearsed(ready, read, idle, memory(family))


def extracts(samples: Path, runs: int, before: Rehearsed) -> Iterator[Row]:
    """Measure `fanfold extract` of one page."""
    native = (*_FANFOLD, "extract", str(samples / "native.pdf"), "--pages", "1", "--no-service")
    found = [cost_of(native) for _ in range(runs)]
    least = min(cost.cpu for cost in found)
    yield Row("extract of one native page", least, 0.8, "CPU s", before.native)
    yield Row("its command's own memory", min(cost.peak for cost in found), 60, "MB")
    scan = (*_FANFOLD, "extract", str(samples / "page.png"), "--no-service", "-f", "json")
    costs = [cost_of(scan) for _ in range(runs)]
    least = min(cost.cpu - cost.reading for cost in costs)
    yield Row("extract of one scanned page above its reading", least, 0.8, "CPU s")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: CPU seconds of all its processes, its own peak in MB, what it said."""

    cpu: float
    peak: float
    said: str

    @property
    def reading(self) -> float:
        """The CPU seconds that the reading of the pages themselves took, by their results."""
        return sum(int(found) for found in re.findall(r'"cpu": ?(\d+)', self.said)) / 1000


def cost_of(command: tuple[str, ...]) -> Cost:
    """Run a command and return what it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(command, stdout=output) as process,
    ):
        peak = 0.0
        own = psutil.Process(process.pid)
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):
                peak = max(peak, own.memory_full_info().pss / 1e6)
            time.sleep(_LOOK_SECONDS)
        output.seek(0)
        said = output.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(spent, peak, said)


def serving(samples: Path, documents: int, before: Rehearsed) -> Iterator[Row]:
    """Measure a service: until it is ready, idle, and after many documents."""
    with service() as (url, family):
        yield Row("CPU to the ready line", used(family), 1.0, "CPU s", before.ready)
        time.sleep(2)
        idle = memory(family)
        yield Row("service idle, all processes", idle, 150, "MB", before.idle)
        read_many(url, samples / "native.pdf", documents)
        wait_for(lambda: len(family.children()) == 0)
        after = memory(family)
        yield Row(f"idle after {documents} documents", after, idle + 20, "MB", before.after)


def deaths(samples: Path) -> Iterator[Row]:
    """Kill a machine at every call of its ports, and a service while it reads."""
    swept = list(restarts.sweep())
    wrong = sum(bool(why) for _, why in swept)
    yield Row(f"{len(swept)} deaths at calls: lost or read twice", wrong, 0, "")
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        document = going_on.long(samples / "native.pdf", Path(folder) / "long.pdf")
        seconds = going_on.after_kill(document, Path(folder) / "data")
        yield Row("goes on after kill -9", seconds, 5, "s")


def read_many(url: str, file: Path, documents: int) -> None:
    """Have a document read many times, each time as another one."""
    data = file.read_bytes()
    with httpx.Client(base_url=url, timeout=120) as client:
        sent = [
            client.post(
                "/v1/documents?mode=native",
                content=data + b"\n%" + str(n).encode(),
                headers={"Content-Type": "application/pdf"},
            ).json()["id"]
            for n in range(documents)
        ]
        for id_ in sent:
            wait_for(lambda id_=id_: ended(client, id_))  # type: ignore[misc]


def ended(client: httpx.Client, document: str) -> bool:
    """Tell whether a document has its results."""
    return bool(client.get(f"/v1/documents/{document}").json()["state"] == "SUCCEEDED")


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    while not condition():
        time.sleep(0.2)


if __name__ == "__main__":
    main()
