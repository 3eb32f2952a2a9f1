"""What may leak, counted process by process while the service has nothing to do.

Under load figures waver with what is under way, so only idle phases are compared, and a process
only with itself: how many workers there are says nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import median

import psutil

_MEGABYTE = 1 << 20
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Figures:
    """One process in an idle phase; ``memory`` is its resident set in MB."""

    memory: float
    descriptors: int | None
    """Without the service's that lead to living workers, which come and go with those; None where
    the system does not show them: a worker hides from others of its own user."""
    files: int
    """Files and folders in its place for temporary ones."""


@dataclass(frozen=True, slots=True)
class Phase:
    """All processes in one idle phase, by name and process id, and what was done until then."""

    minutes: float
    documents: int
    processes: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Limit:
    """Growth counts from ``a_document`` on, and from ``in_all`` on."""

    a_document: float
    in_all: float


LIMITS = {
    # A twentieth of one for each document; clients keep some connections, each in two descriptors.
    "descriptors": Limit(0.05, 8),
    # Nothing may stay: from one for twenty documents on.
    "files": Limit(0.05, 1),
    # A tenth of a megabyte for each document. Allocators waver by some megabytes.
    "memory": Limit(0.1, 8),
}
_WARM = 2
"""A process's first idle phases: caches, models and connections come in them."""
_ENOUGH = 3
"""Idle phases behind those that a process needs to be judged."""
NEEDED = _WARM + _ENOUGH + 1
"""Idle phases of a run: one more, since not every step has work in the first."""


def look(minutes: float, documents: int, temporary: Path) -> Phase:
    """Count now."""
    return Phase(minutes, documents, dict(_processes(temporary)))


def _processes(temporary: Path) -> Iterator[tuple[str, Figures]]:
    known = {scratch(one): one for one in workers()}
    strays = [path for path in temporary.iterdir() if path not in known]
    service = _figures(psutil.Process(), sum(map(_entries, strays), start=len(strays)))
    theirs = _held_by(known.values())
    yield SERVICE, replace(service, descriptors=(service.descriptors or 0) - theirs)
    for folder, worker in known.items():
        yield f"{function(worker)} {worker.pid}", _figures(worker, _entries(folder))
        for child in worker.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                yield f"zygote of {function(worker)} {child.pid}", _figures(child, 0)


def _held_by(living: Iterable[psutil.Process]) -> int:
    """Return how many of our descriptors lead to living workers: a link and connections each."""
    ours, links, ends = psutil.Process().net_connections("tcp"), 0, set()
    for worker in living:
        links += 1
        with suppress(psutil.AccessDenied):
            ends |= {one.laddr for one in worker.net_connections("tcp")}
    return links + sum(1 for one in ours if one.raddr in ends)


def _figures(process: psutil.Process, files: int) -> Figures:
    try:
        descriptors = process.num_fds()
    except psutil.AccessDenied:
        descriptors = None
    return Figures(process.memory_info().rss / _MEGABYTE, descriptors, files)


def _entries(folder: Path) -> int:
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))


def workers() -> list[psutil.Process]:
    """Return the handlers' processes, the oldest first."""
    family = [
        one for one in psutil.Process().children() if "infra.rehearsal.worker" in _command(one)
    ]
    return sorted(family, key=lambda one: one.create_time())


def function(worker: psutil.Process) -> str:
    """Return the step that a worker runs."""
    return worker.cmdline()[-3].split(".")[1]


def scratch(worker: psutil.Process) -> Path:
    """Return a worker's place for temporary files."""
    return Path(worker.cmdline()[-1])


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()  # of a zombie: nothing
    except psutil.Error:
        return []


def series(phases: Sequence[Phase]) -> dict[tuple[str, str], list[tuple[int, float]]]:
    """Return (documents, figure) of each process that can be judged, by process and figure."""
    found = {}
    for name in dict.fromkeys(name for phase in phases for name in phase.processes):
        seen = [one for one in phases if name in one.processes][_WARM:]
        for figure in LIMITS if len(seen) >= _ENOUGH else ():
            values = [(one.documents, getattr(one.processes[name], figure)) for one in seen]
            if None not in dict(values).values():
                found[name, figure] = values
    return found


def slope(values: Sequence[tuple[int, float]]) -> float:
    """Return the growth for each document: the median of all pairs' slopes (Theil and Sen)."""
    pairs = combinations(values, 2)
    return median([(y - b) / (x - a) for (a, b), (x, y) in pairs if x > a] or [0.0])


def leaks(figure: str, values: Sequence[tuple[int, float]]) -> bool:
    """Whether a process's figure grows with the documents."""
    limit, each = LIMITS[figure], slope(values)
    return each >= limit.a_document and each * (values[-1][0] - values[0][0]) >= limit.in_all
