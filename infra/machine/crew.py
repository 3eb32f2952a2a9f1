"""The worker processes: started when messages wait, missed when they die, gone when all is done."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex

from fanfold.bootstrap import SystemClock
from fanfold.disk.database import Database
from fanfold.disk.queues import in_work, release_all, waiting
from fanfold.errors import Unavailable
from infra import ROOT
from infra.machine import worker
from infra.machine.steps import CALLING, Setup

logger = logging.getLogger(__name__)

_SHORTEST, _LONGEST = 0.05, 0.2
"""Seconds between two looks at the queues, the longest where nothing changes."""
_STARTING_SECONDS = 1.0
"""How long a process takes to receive its first message, about: so long one is waited for."""
_INHERITED = (
    "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker process, and the name that the queues know it by."""

    name: str
    process: subprocess.Popen[bytes]


class Crew:
    """At most ``limit`` worker processes.

    One more is started where more messages wait than ``spare`` and those that have nothing to do.
    """

    def __init__(self, setup: Setup, database: Database, limit: int, *, spare: int = 0) -> None:
        self._setup = worker.encode(setup)
        self._database = database
        self._clock = SystemClock()
        self._limit = limit
        self._spare = spare
        self._hands: list[Hand] = []
        self._patient_until = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="crew", daemon=True)

    def follow(self, setup: Setup) -> None:
        """Start workers by another setup from now on; those before it end by themselves."""
        self._setup = worker.encode(setup)

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        return [hand.process.pid for hand in self._hands]

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End all workers at once; what they had in work is received again by others, later."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        for hand in self._hands:
            _close(hand)
        for hand in self._hands:
            hand.process.wait()
            release_all(self._database, self._clock, hand.name)
        self._hands = []

    def _run(self) -> None:
        pause = _SHORTEST
        while not self._stopped.wait(pause):
            try:
                self._miss()
                pause = _SHORTEST if self._call() else min(pause * 1.5, _LONGEST)
            except Unavailable:
                logger.warning("the queues cannot be read")
            except OSError as error:  # no process, no memory for one: later, then
                logger.warning("a worker cannot start: %s", error)
                self._stopped.wait(_STARTING_SECONDS)

    def _miss(self) -> None:
        """Let what dead workers had in work be received by others."""
        for hand in [hand for hand in self._hands if hand.process.poll() is not None]:
            release_all(self._database, self._clock, hand.name)
            self._hands.remove(hand)
            _close(hand)
            if hand.process.returncode:
                logger.warning("a worker ended with %d", hand.process.returncode)

    def _call(self) -> bool:
        """Start a worker where those that are free are too few, or do not come."""
        now = time.monotonic()
        there = waiting(self._database, self._clock)
        waits = sum(count for queue, count in there.items() if queue != CALLING) - self._spare
        if waits <= 0:
            self._patient_until = now + _STARTING_SECONDS
        if waits <= 0 or len(self._hands) >= self._limit:
            return False
        if now < self._patient_until and waits <= self._free():
            return False
        self._patient_until = now + _STARTING_SECONDS
        self._hands.append(self._start())
        return True

    def _free(self) -> int:
        """Return how many workers have nothing in work, those that are starting included."""
        busy = in_work(self._database, self._clock)
        return sum(hand.name not in busy for hand in self._hands)

    def _start(self) -> Hand:
        name = token_hex(8)
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.machine.worker", self._setup, name],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        return Hand(name, process)


def _close(hand: Hand) -> None:
    if hand.process.stdin:
        with suppress(OSError):
            hand.process.stdin.close()


def _environment() -> dict[str, str]:
    """Return a worker's environment: nothing of the user's that pages could be after."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
