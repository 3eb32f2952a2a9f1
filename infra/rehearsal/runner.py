"""Functions as pools of workers: one invocation at a time each, grown when there is a queue."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra import ROOT
from infra.rehearsal.process import INIT_SECONDS, InvocationFailed, Worker
from infra.template.names import ACCESS_KEY, Place
from infra.template.wiring import Function

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 0.2
"""How long an invocation waits for a busy worker before another one is started."""
_INHERITED = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV")


def environment(
    function: Function, place: Place, template: Path, extra: Mapping[str, str]
) -> dict[str, str]:
    """Return the whole environment of a function's workers.

    Nothing of the user's own AWS configuration gets in, and nothing leads to the real AWS.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **inherited,
        **function.environment,
        "POWERTOOLS_METRICS_DISABLED": "true",  # nobody collects them; ``extra`` may want them
        **extra,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SDK_UA_APP_ID": function.name,  # so that requests say who sends them
        "AWS_ENDPOINT_URL": place.aws_url,
        "AWS_REGION": place.region,
        "AWS_DEFAULT_REGION": place.region,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        # Here a message is with one worker at a time, and comes again only when that one is dead.
        "FANFOLD_DELIVERY": "exclusive",
        "PYTHONPATH": os.pathsep.join((str(template.parent), str(ROOT))),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


class Pool:
    """The workers of one function, at most ``limit``."""

    def __init__(
        self, function: Function, variables: Mapping[str, str], limit: int, log: int
    ) -> None:
        self.function = function
        self._variables = variables
        self._limit = limit
        self._log = log
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._closed = False
        self._preparing = False
        self._changed = threading.Condition()

    def prepare(self) -> None:
        """Have a first worker ready; what fails here is reported when it is needed."""
        with self._changed:
            if self._all or self._closed:
                return
            with suppress(InvocationFailed):
                worker = self._start()
                self._preparing = True
            if not self._preparing:
                return
        with suppress(InvocationFailed):
            worker.wait_ready()
        self._preparing = False
        self._release(worker)

    def invoke(self, event: object) -> Any:  # noqa: ANN401 - whatever the handler returns
        """Invoke the function; raise InvocationFailed. A worker that died is replaced."""
        worker = self._acquire()
        started = time.monotonic()
        try:
            return worker.invoke(event)
        except InvocationFailed as error:
            if not self._closed:
                seconds = time.monotonic() - started
                logger.warning("%s failed after %.2f s: %s", self.function.id, seconds, error)
            raise
        finally:
            self._release(worker)

    def busy(self) -> list[Worker]:
        """Return the workers that are at work."""
        with self._changed:
            return [worker for worker in self._all if worker not in self._idle]

    def bury(self) -> None:
        """Let go of idle workers that have died: of their process, their folder and their log."""
        with self._changed:
            dead = [worker for worker in self._idle if not worker.alive]
            self._idle = [worker for worker in self._idle if worker not in dead]
            self._all.difference_update(dead)
        for worker in dead:
            worker.join()

    def close(self) -> None:
        """Tell all workers to end; later invocations fail."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for worker in tuple(self._all):
            worker.dismiss()

    def join(self) -> None:
        """Wait for the workers to end, and kill those that do not."""
        for worker in tuple(self._all):
            worker.join()

    def _acquire(self) -> Worker:
        with self._changed:
            self._changed.wait_for(self._has_idle, timeout=self._patience())
            if not self._has_idle() and len(self._all) >= self._limit:
                self._changed.wait_for(lambda: self._has_idle() or len(self._all) < self._limit)
            if self._closed:
                raise InvocationFailed("Stopped", "the cloud stops")
            return self._living() or self._start()

    def _living(self) -> Worker | None:
        """Return an idle worker that has not died meanwhile."""
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._all.discard(worker)
            worker.join()
        return None

    def _patience(self) -> float:
        if self._preparing:
            return INIT_SECONDS
        return _PATIENCE_SECONDS if self._all else 0.0

    def _has_idle(self) -> bool:
        return bool(self._idle) or self._closed

    def _start(self) -> Worker:
        try:
            worker = Worker(self.function, self._variables, self._log)
        except OSError as error:  # no space for its folder, no process for it
            logger.warning("%s cannot start: %s", self.function.id, error)
            raise InvocationFailed("Sandbox.Unavailable", "no worker can be started") from error
        self._all.add(worker)
        return worker

    def _release(self, worker: Worker) -> None:
        with self._changed:
            if worker.alive and not self._closed:
                self._idle.append(worker)
            elif not self._closed:
                self._all.discard(worker)
                worker.join()
            self._changed.notify_all()
