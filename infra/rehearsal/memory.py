"""The watch on memory: a worker that outgrows its function is killed, as on Lambda.

And this process keeps no more than it uses: see ``return_memory``.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress

import psutil

from infra.rehearsal.process import Worker
from infra.rehearsal.runner import Pool

logger = logging.getLogger(__name__)

MARGIN = 1.25
"""Maximum of a worker's memory in multiples of MemorySize; a desktop has other libraries."""
_EVERY_SECONDS = 0.5
_MEGABYTE = 1024 * 1024
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # <malloc.h>
_ARENAS = 2


def return_memory() -> None:
    """Have glibc give back what is freed, for the rest of this process's life.

    By default each of the servers' threads takes from one of eight heaps per processor, and after
    the first large body even megabytes come from them: 200 MB were held where 40 were in use.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library has no such heaps
            mallopt = ctypes.CDLL("libc.so.6").mallopt
            mallopt(_ARENA_MAX, _ARENAS)
            mallopt(_MMAP_THRESHOLD, _MEGABYTE)


class MemoryWatch:
    """Samples the memory of busy workers, with everything that they started; buries dead ones."""

    def __init__(self, pools: Iterable[Pool], *, enforce: bool = True) -> None:
        self._pools = tuple(pools)
        self._enforce = enforce
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(_EVERY_SECONDS):
            for pool in self._pools:
                pool.bury()
                for worker in pool.busy():
                    self._look(worker)

    def _look(self, worker: Worker) -> None:
        worker.look()  # also for the day it dies and leaves its children behind
        if not self._enforce:
            return
        limit = worker.function.memory * _MEGABYTE * MARGIN
        family = [*worker.known]
        if (
            _resident(worker.pid, family) > limit
            and (used := _proportional(worker.pid, family)) > limit
        ):
            logger.warning(
                "%s uses %d MB and has %d: killed",
                worker.function.id,
                used // _MEGABYTE,
                worker.function.memory,
            )
            worker.kill("out of memory")


def _resident(pid: int, family: Iterable[psutil.Process]) -> int:
    return sum(_measured(process, shared=True) for process in _all(pid, family))


def _proportional(pid: int, family: Iterable[psutil.Process]) -> int:
    """What is shared between forks counts once; slower to find out than the resident size."""
    return sum(_measured(process, shared=False) for process in _all(pid, family))


def _all(pid: int, family: Iterable[psutil.Process]) -> list[psutil.Process]:
    try:
        return [psutil.Process(pid), *family]
    except psutil.NoSuchProcess:
        return []


def _measured(process: psutil.Process, *, shared: bool) -> int:
    try:
        if shared:
            return int(process.memory_info().rss)
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.uss))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
