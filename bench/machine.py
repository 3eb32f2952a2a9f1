"""What one machine costs: CPU seconds of all processes, and memory, beside what they may be.

    python -m bench.machine [--documents N] [--runs N]

The memory is PSS: what processes share is counted once. CPU seconds are the least of ``runs``
runs: a busy machine makes them longer, nothing makes them shorter.
"""

from __future__ import annotations

import argparse
import contextlib
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

from bench.endtoend import service
from tests.data.samples import ensure

_FANFOLD = (sys.executable, "-m", "cli")
_LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """A budget: what was measured, what is allowed, and the unit of both."""

    name: str
    found: float
    limit: float
    unit: str

    def __str__(self) -> str:
        """Return the line that is printed."""
        verdict = "ok" if self.found <= self.limit else "OVER"
        return f"{self.name:46}{self.found:9.2f}{self.limit:9.2f} {self.unit:6}{verdict}"


def main() -> None:
    """Measure, print, and exit with 1 where a budget is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    samples = ensure()
    print(f"{'':46}{'found':>9}{'limit':>9}")
    rows = []
    for row in (*extracts(samples, options.runs), *serving(samples, options.documents)):
        print(row, flush=True)
        rows.append(row)
    sys.exit(any(row.found > row.limit for row in rows))


def extracts(samples: Path, runs: int) -> Iterator[Row]:
    """Measure `fanfold extract` of one page."""
    native = (*_FANFOLD, "extract", str(samples / "native.pdf"), "--pages", "1", "--no-service")
    found = [cost_of(native) for _ in range(runs)]
    yield Row("extract of one native page", min(cost.cpu for cost in found), 0.8, "CPU s")
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


def serving(samples: Path, documents: int) -> Iterator[Row]:
    """Measure a service: until it is ready, idle, and after many documents."""
    with service() as (url, family):
        spent = family.cpu_times()
        yield Row("CPU to the ready line", spent.user + spent.system, 1.0, "CPU s")
        time.sleep(2)
        idle = memory(family)
        yield Row("service idle, all processes", idle, 150, "MB")
        read_many(url, samples / "native.pdf", documents)
        wait_for(lambda: len(family.children()) == 0)
        yield Row(f"idle again after {documents} documents", memory(family), idle + 20, "MB")


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


def memory(family: psutil.Process) -> float:
    """Return the PSS of a process and all below it, in MB."""
    processes = [family, *family.children(recursive=True)]
    return sum(float(one.memory_full_info().pss) for one in processes) / 1e6


if __name__ == "__main__":
    main()
