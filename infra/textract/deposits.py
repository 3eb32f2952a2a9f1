"""Results of jobs that are stored where their callers said, instead of being asked for."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

from infra.textract.jobs import Job, Jobs
from infra.textract.stores import Store

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5


class Deposits:
    """Stores all answers of a job, numbered from 1 below a prefix and the job's id.

    As long as this process lives. ``answers`` returns a part of a job's results and the next token.
    """

    def __init__(
        self, jobs: Jobs, store: Store, answers: Callable[[Job, int], dict[str, Any]]
    ) -> None:
        self._jobs, self._store, self._answers = jobs, store, answers
        self._stopped = threading.Event()

    def close(self) -> None:
        """Store nothing more."""
        self._stopped.set()

    def later(self, job: Job, bucket: str, prefix: str) -> None:
        """Store a job's results when there are any; raise TextractError where nobody may."""
        place = f"{prefix.rstrip('/')}/{job.id}"
        self._store.put(bucket, f"{place}/.s3_access_check", b"")
        run = threading.Thread(target=self._run, args=(job, bucket, place), daemon=True)
        run.start()

    def _run(self, job: Job, bucket: str, place: str) -> None:
        try:
            while self._jobs.status(job.document).state.live:
                if self._stopped.wait(_LOOK_SECONDS):
                    return
            self._deposit(job, bucket, place)
        except Exception as error:  # the edge: it was asked for, and can be asked for again
            logger.warning("a job's results were not stored: %s", type(error).__name__)

    def _deposit(self, job: Job, bucket: str, place: str) -> None:
        first, number = 0, 0
        while first or not number:
            number += 1
            answer = self._answers(job, first)
            body = json.dumps(answer, ensure_ascii=False).encode()
            self._store.put(bucket, f"{place}/{number}", body)
            first = int(answer.get("NextToken", "0"))
