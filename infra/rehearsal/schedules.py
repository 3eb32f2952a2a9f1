"""The clock: functions that are invoked at a rate."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from infra.rehearsal.process import InvocationFailed
from infra.rehearsal.runner import Pool
from infra.template.names import Place
from infra.template.wiring import Schedule

logger = logging.getLogger(__name__)


class Timer:
    """Invokes one function at its rate; the first time after one interval, as on AWS."""

    def __init__(self, schedule: Schedule, pool: Pool, place: Place) -> None:
        self._schedule = schedule
        self._pool = pool
        self._place = place
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=schedule.name, daemon=True)

    def start(self) -> None:
        """Begin to count."""
        self._thread.start()

    def stop(self) -> None:
        """Invoke no more."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._schedule.seconds):
            try:
                self._pool.invoke(payload(self._schedule, self._place))
            except InvocationFailed:  # the pool has logged it; the next turn comes anyway
                continue


def payload(schedule: Schedule, place: Place) -> Any:  # noqa: ANN401 - whatever Input says
    """Return the event that EventBridge, or its Scheduler, sends for a schedule."""
    if schedule.payload is not None:
        return json.loads(schedule.payload)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler" if schedule.scheduler else "aws.events",
        "account": place.account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": place.region,
        "resources": [schedule.arn],
        "detail": "{}" if schedule.scheduler else {},
    }
