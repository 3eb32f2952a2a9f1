"""Workers that take turns: one call of a port at a time, in an order that the seed decides.

Each job runs in a thread of its own and hands the turn back before every call, so that all the
interleavings of real workers can happen, and the same seed gives the same ones.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fanfold.errors import Unavailable
from tests.fakes.world import FakeClock

CALM = 0.0


class Crash(BaseException):
    """The worker is dead; no code of its own may notice."""


@dataclass(frozen=True)
class Point:
    """One place where a worker can die: before or after the n-th call of a kind of job."""

    job: str
    call: int
    name: str
    after: bool


@dataclass
class Fate:
    """When workers die: at random, or at one point, the first time that it is reached."""

    random: Random
    crash: float = CALM
    freeze: float = CALM
    at: Point | None = None
    seen: dict[Point, None] = field(default_factory=dict)
    crashes: int = 0

    def strikes(self, point: Point) -> bool:
        self.seen.setdefault(point)
        if self.at == point:
            self.at = None
            return True
        return self.crash > 0 and self.random.random() < self.crash / 2

    def blow(self) -> BaseException:
        """Die as a process does, or as a call does whose answer never comes."""
        self.crashes += 1
        return Crash() if self.random.random() < 0.7 else Unavailable()


@dataclass
class Worker:
    """One job under way."""

    kind: str
    job: Callable[[], None]
    after: Callable[[BaseException | None], None]
    frozen_until: int = 0
    calls: int = 0
    error: BaseException | None = None
    finished: bool = False
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Crew:
    """All workers; the simulation gives one of them the turn at a time.

    ``slow`` holds chances of a call to take up to ``longest`` milliseconds, by its name.
    """

    def __init__(
        self,
        random: Random,
        clock: FakeClock,
        fate: Fate,
        slow: Mapping[str, float],
        longest: int,
    ) -> None:
        self.random, self.clock, self.fate = random, clock, fate
        self.slow, self.longest = slow, longest
        self.workers: list[Worker] = []
        self.calls: Counter[str] = Counter()
        self._back = threading.Semaphore(0)
        self._turn = threading.local()
        self._closing = False

    def start(
        self, kind: str, job: Callable[[], None], after: Callable[[BaseException | None], None]
    ) -> None:
        worker = Worker(kind, job, after)
        self.workers.append(worker)
        threading.Thread(target=self._run, args=(worker,), daemon=True).start()

    def runnable(self) -> list[Worker]:
        return [one for one in self.workers if one.frozen_until <= self.clock.now()]

    def step(self, worker: Worker) -> None:
        """Let a worker go on to its next call, or to its end."""
        worker.go.release()
        self._back.acquire()
        if worker.finished:
            self.workers.remove(worker)
            worker.after(worker.error)

    def close(self) -> None:
        """End all threads that are still waiting for their turn."""
        self._closing = True
        while self.workers:
            self.workers[0].after = lambda _: None
            self.step(self.workers[0])

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        """Make a port's call in a worker's name; outside of workers just make it."""
        worker: Worker | None = getattr(self._turn, "worker", None)
        if worker is None:
            return call()
        self._wait(worker, name)
        worker.calls += 1
        self.calls[name] += 1
        place = (worker.kind, worker.calls, name)
        if self.fate.strikes(Point(*place, after=False)):
            raise self.fate.blow()
        answer = call()
        if isinstance(answer, Iterator):
            answer = iter(list(answer))
        if self.fate.strikes(Point(*place, after=True)):
            raise self.fate.blow()
        return answer

    def _wait(self, worker: Worker, name: str) -> None:
        if self.fate.freeze and self.random.random() < self.fate.freeze:
            # Some far longer than Lambda lets a worker live, and than any message stays invisible.
            longest = 3_400_000 if self.random.random() < 0.3 else 600_000
            worker.frozen_until = self.clock.now() + self.random.randrange(60_000, longest)
        if self.random.random() < self.slow.get(name, 0):
            worker.frozen_until = self.clock.now() + self.random.randrange(self.longest)
        self._back.release()
        worker.go.acquire()
        if self._closing:
            raise Crash

    def _run(self, worker: Worker) -> None:
        worker.go.acquire()
        self._turn.worker = worker
        try:
            if not self._closing:
                worker.job()
        except BaseException as error:
            worker.error = error
        worker.finished = True
        self._back.release()


class Guarded:
    """A port whose every call is a place to be interrupted, and to die."""

    def __init__(self, port: object, crew: Crew, name: str) -> None:
        self._port, self._crew, self._name = port, crew, name

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._port, name)
        if not callable(attribute):
            return attribute

        def call(*values: object, **named: object) -> Any:
            return self._crew.around(f"{self._name}.{name}", lambda: attribute(*values, **named))

        return call
