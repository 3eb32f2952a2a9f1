"""A worker: takes one message after another from the queues, and does what it says.

``python -m infra.machine.worker SETUP NAME`` is one as a process of its own, which ends by itself
when there has been nothing to do for a while, and at once when its standard input is closed: by
whatever death of whoever started it.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path

from fanfold.disk.queues import Received, waiting
from fanfold.errors import FanfoldError, Unavailable
from infra.machine import installed
from infra.machine.steps import CALLING, Setup, Step, Steps

TEMPORARY = "temporary"
"""The folder of the data folder that holds each worker's own."""

_BACKOFF_SECONDS = (0, 1, 2)
"""When a failed message comes again, by its deliveries."""
_HEALING_SECONDS = 5
"""When a message comes again that could not be done for want of room, or of a lock."""
_SHORTEST, _LONGEST = 0.01, 0.2
"""Seconds between two looks at empty queues."""
_IDLE_SECONDS = 20.0
"""After which a process without work ends: its memory is worth more than its start."""
_NICE = 10
"""Pages are read with what others leave of the processor: people wait for answers, not for them."""

logger = logging.getLogger(__name__)


class Worker:
    """Does messages, one at a time, of each step in turn. ``name`` is what the queues know it by.

    So nothing waits behind all pages of a long document: neither what comes in nor what is done.
    """

    def __init__(self, steps: Steps, name: str, queues: Collection[str] | None = None) -> None:
        """Work at these queues alone, or at all of them."""
        self._steps = steps
        self._name = name
        self._turns = deque(steps.by_queue if queues is None else queues)

    def work(self) -> bool:
        """Do one message; False if there is none."""
        there = waiting(self._steps.database, self._steps.clock)
        for name in [name for name in self._turns if name in there]:
            step = self._steps.by_queue[name]
            message = step.queue.receive(self._name, step.concurrency)
            if message:
                self._turns.remove(name)
                self._turns.append(name)
                self._do(step, message)
                return True
        return False

    def _do(self, step: Step, message: Received) -> None:
        try:
            step.run(message.body, message.receives)
        except Unavailable as error:
            self._tell(step, message, error)
            step.queue.release(message, _HEALING_SECONDS, counted=False)
        except Exception as error:  # the edge: the message comes again, or is lost and told of
            self._tell(step, message, error)
            step.queue.release(message, _BACKOFF_SECONDS[min(message.receives, 3) - 1])
        else:
            step.queue.delete(message)

    def _tell(self, step: Step, message: Received, error: Exception) -> None:
        kind = error.code if isinstance(error, FanfoldError) else type(error).__name__
        logger.warning("%s failed, delivery %d: %s", step.queue.name, message.receives, kind)


class Idler:
    """Waits between looks, shortly after work and longer later."""

    def __init__(self) -> None:
        self._pause = _SHORTEST
        self.since = time.monotonic()

    def worked(self) -> None:
        """Note that there was something to do."""
        self._pause, self.since = _SHORTEST, time.monotonic()

    def wait(self, stopped: threading.Event) -> None:
        """Wait for the next look."""
        stopped.wait(self._pause)
        self._pause = min(self._pause * 1.5, _LONGEST)


def run(
    worker: Worker,
    stopped: threading.Event,
    idle_seconds: float | None = None,
    is_old: Callable[[], bool] = lambda: False,
) -> None:
    """Work until stopped, or old, or until there was nothing to do for so many seconds."""
    idler = Idler()
    while not stopped.is_set() and not is_old():
        try:
            worked = worker.work()
        except Unavailable:  # the database is locked or full: later, then
            logger.warning("the queues cannot be read")
            stopped.wait(_HEALING_SECONDS)
            continue
        if worked:
            idler.worked()
        elif idle_seconds is not None and time.monotonic() - idler.since > idle_seconds:
            return
        else:
            idler.wait(stopped)


def main(setup: Setup, name: str) -> None:
    """Be a worker process."""
    os.nice(_NICE)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    workspace = setup.data / TEMPORARY / name
    steps = Steps(setup, workspace)
    gc.freeze()
    try:
        run(
            Worker(steps, name, steps.by_queue.keys() - {CALLING}),
            threading.Event(),
            _IDLE_SECONDS,
            is_old=lambda: installed.is_old(setup),  # the next one knows the languages there are
        )
    finally:
        steps.close()
        shutil.rmtree(workspace, ignore_errors=True)


def _end_with_starter() -> None:
    """End at once when the other end of standard input goes away; so do children of ours."""
    while os.read(0, 1):
        pass
    os._exit(1)


def encode(setup: Setup) -> str:
    """Write a setup as an argument of a worker process."""
    return json.dumps(
        {
            "data": str(setup.data),
            "languages": setup.languages,
            "tools": dict(setup.tools),
            "outbox": str(setup.outbox) if setup.outbox else None,
            "template": str(setup.template),
            "private": setup.private,
            "tessdata": setup.tessdata,
            "changed_at": setup.changed_at,
            "lasting": setup.lasting,
        }
    )


def decode(text: str) -> Setup:
    """Read what ``encode`` wrote."""
    said = json.loads(text)
    outbox = said["outbox"]
    return Setup(
        Path(said["data"]),
        said["languages"],
        said["tools"],
        Path(outbox) if outbox else None,
        Path(said["template"]),
        private=bool(said["private"]),
        tessdata=str(said["tessdata"]),
        changed_at=int(said["changed_at"]),
        lasting=bool(said["lasting"]),
    )


if __name__ == "__main__":
    main(decode(sys.argv[1]), sys.argv[2])
