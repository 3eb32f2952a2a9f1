"""Time one document and compare it with the CPU time that its pages took.

    python -m bench.book FILE [--workers N] [--endpoint URL]

Prints wall time, the sum of the pages' CPU time, and wall / (CPU / workers): what the service
around the recognition costs. Also when the first page's result could be read, which has to be
before the end of the document.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.corpus_states import service
from client.answers import Status
from client.errors import Refused
from client.service import Service

_PAUSE = 0.5
"""Seconds between two polls, which cost what reading on the same machine could have used."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the upload's beginning; ``first_page`` None if no page came before the end."""

    status: Status
    wall: float
    first_page: float | None


def main() -> None:
    """Read the arguments, run, print and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--endpoint", help="a running service; without it one is embedded")
    options = parser.parse_args()
    with service(options.endpoint, options.workers) as client:
        timing = follow(client, options.file)
        spent = [cpu(client, timing.status.id, n + 1) for n in range(timing.status.pages.total)]
    report(timing, spent, options.workers)
    sys.exit(0 if timing.first_page is not None and timing.status.pages.failed == 0 else 1)


def follow(client: Service, file: Path, pages: str = "") -> Timing:
    """Send the file and watch it to its end."""
    began = time.time()
    document = client.submit(file, {"mode": "auto", "pages": pages})
    first_page = None
    while (status := client.status(document)).state.live:
        if first_page is None and status.pages.done:
            first_page = time.time() - began if readable(client, status) else None
        time.sleep(_PAUSE)
    # The service's own moment, on the same clock: the end is seen up to a pause later.
    ended = datetime.fromisoformat(status.ended_at).timestamp()
    return Timing(status, ended - began, first_page)


def readable(client: Service, status: Status) -> bool:
    """Tell whether some page's result can be read now, while the document is under way."""
    return any(cpu(client, status.id, n + 1) is not None for n in range(status.pages.total))


def cpu(client: Service, document: str, page: int) -> float | None:
    """Return the CPU seconds a page took, None where it has no result."""
    try:
        return float(client.page(document, page)["timings"]["cpu"]) / 1000
    except Refused:
        return None


def report(timing: Timing, spent: list[float | None], workers: int) -> None:
    """Print what was measured."""
    known = [seconds for seconds in spent if seconds is not None]
    ideal = sum(known) / workers
    print(f"state            {timing.status.state}, {len(known)} of {len(spent)} pages")
    print(f"wall             {timing.wall:.1f} s")
    print(f"CPU of pages     {sum(known):.1f} s on {workers} workers")
    print(f"wall / ideal     {timing.wall / ideal:.2f}" if ideal else "wall / ideal     -")
    print(
        f"load average     {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores "
        "(the ratio counts on an idle machine)"
    )
    if timing.first_page is not None:
        print(f"first page       {timing.first_page:.1f} s, read while the document was under way")


if __name__ == "__main__":
    main()
