"""Many inputs, one after the other, in one process; and what must hold after each and at the end.

Between two inputs nothing may be left: no file, no process but the zygotes, no canary that was
touched, no connection that was made.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil

from fanfold.ocr.isolation import sandbox
from fanfold.ocr.isolation.handle import GRACE
from tests.data import pdfs, prose
from tests.hostile import lanes, lures, trial
from tests.hostile.lanes import Lane
from tests.hostile.lures import Listener
from tests.hostile.memory import Gauge
from tests.hostile.registry import Input, Lures
from tests.hostile.trial import Ending

_SOUND = Input(
    "a sound document behind them all",
    lambda lures: pdfs.save(pdfs.typed((prose.NOTICE,))),
    ends=("SUCCEEDED",),
)
_LATE = GRACE + 5.0
"""Seconds beyond its limit within which a child must be gone, on a busy machine."""


def play(
    inputs: Iterable[Input], longest: float, tell: Callable[[Ending], None] = lambda _: None
) -> tuple[list[Ending], int]:
    """Put all of them through; return how they ended and the peak of memory in bytes.

    The last ending is that of a sound document, which must be read as if nothing had been.
    ``longest`` bounds each child's seconds; ``tell`` is called with every ending.
    """
    others = _children()
    with tempfile.TemporaryDirectory() as folder:
        gauge = Gauge()
        with lures.set_out(Path(folder) / "canaries") as (bait, listener):
            endings = []
            for ending in _play(inputs, Path(folder) / "lanes", longest, bait, listener):
                endings.append(ending)
                tell(ending)
        gauge.stop()
        endings[-1].wrong += _processes(others)
    return endings, gauge.peak


def _play(
    inputs: Iterable[Input], temporary: Path, longest: float, bait: Lures, listener: Listener
) -> Iterator[Ending]:
    with lanes.opened(temporary, longest) as opened:
        for lane in opened.all:
            _time(lane)
        deaths = Deaths()
        for one in (*inputs, _SOUND):
            ending = trial.run(one, opened, bait)
            ending.wrong += [*deaths.unforeseen(), *_touched(bait, listener), *_late(opened.all)]
            yield ending
        deaths.close()


class Deaths(logging.Handler):
    """Listens to what the sandbox tells of children that ended without an answer."""

    def __init__(self) -> None:
        super().__init__()
        self._records: list[Any] = []
        sandbox.logger.addHandler(self)
        sandbox.logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def unforeseen(self) -> list[str]:
        """Return the deaths by errors of our own: a library's crash is foreseen, a bug is not."""
        told = [f"{one.function} raised: {one.where}" for one in self._records if one.where]
        self._records.clear()
        return told

    def close(self) -> None:
        sandbox.logger.removeHandler(self)
        sandbox.logger.propagate = True
        super().close()


def _time(lane: Lane) -> None:
    """Have a lane note how much longer than they may its children lived."""
    run = lane.sandbox.run

    def timed(job: sandbox.Job) -> sandbox.Answer:
        began = time.monotonic()
        try:
            return run(job)
        finally:
            lane.late = max(lane.late, time.monotonic() - began - job.seconds)

    lane.sandbox.run = timed  # type: ignore[method-assign]


def _late(all_lanes: Iterable[Lane]) -> list[str]:
    late = [lane.late for lane in all_lanes if lane.late > _LATE]
    return [f"a child lived {seconds:.0f} s longer than it may" for seconds in late]


def _touched(bait: Lures, listener: Listener) -> list[str]:
    found = [f"opened {name}" for name in lures.opened(bait)]
    for path in bait.folder.iterdir():
        lures.forget(path)
    calls = listener.connections()
    return found + ([f"made {calls} connections"] if calls else [])


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _processes(others: set[psutil.Process]) -> list[str]:
    """Name what was started since ``others`` were all there was, and does not end."""
    _, alive = psutil.wait_procs(_children() - others, timeout=5)
    return [f"still runs: {process}" for process in alive]
