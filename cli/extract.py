"""Many files through a service: hand in, wait, and give each on when it has ended."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.inputs import Input
from cli.progress import Meter, Tally, tally
from client.answers import Status
from client.errors import Exit, Refused
from client.reader import Reader
from fanfold import errors
from fanfold.model import Reason, State

WINDOW = 16
"""Maximum of documents under way at once: enough to keep any service busy, few enough to poll."""
_MINIMUM_PAUSE, _MAXIMUM_PAUSE = 0.1, 2.0
"""Minimum and maximum of seconds between two polls: short documents end at once, long ones are not
polled all the time."""


@dataclass(slots=True)
class Batch:
    """A call's documents by their place in it; ``window`` of them are under way at once."""

    inputs: Sequence[Input]
    window: int = WINDOW
    waiting: deque[int] = field(init=False)
    live: dict[int, Status] = field(default_factory=dict)
    ended: dict[int, Status] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let every document wait."""
        self.waiting = deque(range(len(self.inputs)))

    def put(self, place: int, status: Status) -> None:
        """Note a document's status."""
        if status.state.live:
            self.live[place] = status
        else:
            self.live.pop(place, None)
            self.ended[place] = status

    def ready(self, given: Collection[int], *, in_order: bool) -> Iterator[int]:
        """Yield places of documents that have ended and were not ``given`` on so far."""
        for place in range(len(self.inputs)):
            if place in self.ended:
                if place not in given:
                    yield place
            elif in_order:
                return

    def tally(self) -> Tally:
        """Count over all documents."""
        return tally((*self.live.values(), *self.ended.values()), len(self.inputs))


def read_all(
    service: Reader, batch: Batch, options: Mapping[str, Any], meter: Meter, *, in_order: bool
) -> Iterator[tuple[Input, Status]]:
    """Yield every input with its last status as soon as that is known, or ``in_order``."""
    waits = pauses()
    given: set[int] = set()
    while len(given) < len(batch.inputs):
        if advance(service, batch, options):
            waits = pauses()
        meter.show(batch.tally())
        ready = list(batch.ready(given, in_order=in_order))
        for place in ready:
            given.add(place)
            yield batch.inputs[place], batch.ended[place]
        if not ready:
            next(waits)


def pauses() -> Iterator[None]:
    """Pause at every turn, each time a little longer."""
    pause = _MINIMUM_PAUSE
    while True:
        time.sleep(pause)
        yield
        pause = min(pause * 1.3, _MAXIMUM_PAUSE)


def exit_code(status: Status) -> Exit:
    """Return what a document's end means for the exit code."""
    if status.state is State.SUCCEEDED:
        return Exit.OK
    return Exit.PARTIAL if status.state is State.PARTIAL else Exit.FAILED


def advance(service: Reader, batch: Batch, options: Mapping[str, Any]) -> bool:
    """Look at what is under way and hand in what fits; tell whether anything ended."""
    before = len(batch.ended)
    for place, status in tuple(batch.live.items()):
        batch.put(place, service.status(status.id))
    while batch.waiting and len(batch.live) < batch.window:
        place = batch.waiting[0]
        batch.put(place, _submit(service, batch.inputs[place].path, options))
        batch.waiting.popleft()  # only now: an interruption finds it waiting or under way
    return len(batch.ended) > before


def _submit(service: Reader, path: Path, options: Mapping[str, Any]) -> Status:
    try:
        return Status(service.submit(path, options), path.name, State.UPLOADING)
    except Refused as error:
        # What is wrong with one file must not end the others; a wrong option ends them all.
        if not issubclass(errors.by_code(error.code), errors.DocumentError):
            raise
        why = Reason(error.code, str(error), error.retryable)
        return Status("", path.name, State.FAILED, reason=why)
