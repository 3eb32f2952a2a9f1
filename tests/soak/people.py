"""Those who use the service: they send, wait, cancel, ask again, delete. One thread."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random

from client.answers import Status
from client.errors import Refused
from client.service import Service
from fanfold.model import State
from tests.data.samples import SAMPLES
from tests.hostile.mutants import mutant
from tests.hostile.seeds import all_seeds

AT_ONCE = 5
KEPT = 4
"""Ended documents that are left alone before the oldest is deleted."""


class People:
    """Keeps ``AT_ONCE`` documents under way; a seed decides what is sent and done."""

    def __init__(self, service: Service, samples: Path, folder: Path, seed: int) -> None:
        self._service = service
        self._samples = samples
        self._folder = folder
        self._random = Random(seed)
        self._sent = 0
        self.live: dict[str, float] = {}
        """Documents under way and when they were sent, in monotonic seconds."""
        self.ended: list[str] = []
        self.torn: set[str] = set()
        """Deleted in flight: the sweep repeats that an hour later, for what late workers wrote."""
        self.ends: Counter[str] = Counter()
        self.pages = 0

    @property
    def ended_in_all(self) -> int:
        """The number of documents that came to any end."""
        return self._sent - len(self.live)

    def act(self, *, sending: bool) -> None:
        """Look at every document once, do something to a few, and send what is missing."""
        for document in tuple(self.live):
            self._look(document)
        while len(self.ended) > (KEPT if sending else 0):
            self._service.delete(self.ended.pop(0))
        while sending and len(self.live) < AT_ONCE:
            self._send()

    def _look(self, document: str) -> None:
        status = self._service.status(document)
        if not status.state.live:
            self._end(status)
        elif self._random.random() < 0.003:
            self._try(lambda: self._service.cancel(document))
        elif self._random.random() < 0.002:
            self._service.delete(document)
            self.ends["DELETED in flight"] += 1
            self.torn.add(document)
            del self.live[document]

    def _end(self, status: Status) -> None:
        again = status.pages.done and status.state in (State.SUCCEEDED, State.PARTIAL)
        if again and self._random.random() < 0.1:
            self._try(lambda: self._service.retry(status.id, "1", {"mode": "ocr"}))
            self.ends["read anew"] += 1
            return
        self.ends[status.state] += 1
        self.pages += status.pages.ended
        del self.live[status.id]
        self.ended.append(status.id)

    def _send(self) -> None:
        options = {"mode": self._random.choice(("auto", "ocr"))}
        # Otherwise it were answered with what was read before.
        options["pages"] = f"1-{self._sent + 10}"
        self._sent += 1
        self.live[self._service.submit(self._file(), options)] = time.monotonic()

    def _file(self) -> Path:
        chance, path = self._random.random(), self._folder / "sent"
        if chance < 0.4:
            return self._samples / self._random.choice(sorted(SAMPLES))
        if chance < 0.7:
            path.write_bytes(self._random.choice(tuple(all_seeds().values())))
        else:
            path.write_bytes(mutant(self._random.randrange(1000), self._sent).make(None))
        return path

    def _try(self, act) -> None:
        try:
            act()
        except Refused:  # it ended meanwhile
            self.ends["too late"] += 1
