"""Many files through a service: hand in, wait, and give each on in the order of the call."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.progress import Meter, Tally
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

    paths: Sequence[Path]
    window: int = WINDOW
    waiting: deque[int] = field(init=False)
    live: dict[int, Status] = field(default_factory=dict)
    ended: dict[int, Status] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let every document wait."""
        self.waiting = deque(range(len(self.paths)))

    def put(self, place: int, status: Status) -> None:
        """Note a document's status."""
        if status.state.live:
            self.live[place] = status
        else:
            self.live.pop(place, None)
            self.ended[place] = status

    def tally(self) -> Tally:
        """Count over all documents."""
        counts = [status.pages for status in (*self.live.values(), *self.ended.values())]
        return Tally(
            documents=len(self.paths),
            documents_ended=len(self.ended),
            pages=sum(count.total for count in counts),
            pages_ended=sum(count.ended for count in counts),
            pages_failed=sum(count.failed for count in counts),
        )


def read_all(
    service: Reader, paths: Sequence[Path], options: Mapping[str, Any], meter: Meter
) -> Iterator[tuple[Path, Status]]:
    """Yield every file with its final status, in the order given, as soon as that is possible."""
    batch = Batch(paths)
    pause = _MINIMUM_PAUSE
    for turn, path in enumerate(paths):
        while turn not in batch.ended:
            if advance(service, batch, options):
                pause = _MINIMUM_PAUSE
            meter.show(batch.tally())
            if turn not in batch.ended:
                time.sleep(pause)
                pause = min(pause * 1.3, _MAXIMUM_PAUSE)
        yield path, batch.ended[turn]


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
        place = batch.waiting.popleft()
        batch.put(place, _submit(service, batch.paths[place], options))
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
