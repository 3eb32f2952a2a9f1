"""The progress bar: pages on a terminal, nothing at all in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

    from client.answers import Status


@dataclass(frozen=True, slots=True)
class Tally:
    """How far all documents of a call are together. ``pages`` counts those opened so far."""

    documents: int
    documents_ended: int
    pages: int
    pages_ended: int
    pages_failed: int


def tally(known: Collection[Status], documents: int) -> Tally:
    """Count over the documents of which something is ``known``, of so many ``documents``."""
    counts = [status.pages for status in known]
    return Tally(
        documents=documents,
        documents_ended=sum(not status.state.live for status in known),
        pages=sum(count.total for count in counts),
        pages_ended=sum(count.ended for count in counts),
        pages_failed=sum(count.failed for count in counts),
    )


class Meter(Protocol):
    """Shows a tally, and steps aside while something else is written."""

    def show(self, tally: Tally) -> None:
        """Show how far the work is."""

    def aside(self, write: Callable[[], None]) -> None:
        """Call ``write`` while nothing of the meter is on the screen."""


class Silent:
    """Shows nothing."""

    def show(self, tally: Tally) -> None:
        """Do nothing."""

    def aside(self, write: Callable[[], None]) -> None:
        """Call ``write``."""
        write()


class Bar:
    """One bar for all pages of all documents."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=None, note="")

    def show(self, tally: Tally) -> None:
        """Move the bar."""
        self._progress.update(
            self._task,
            # The end is unknown until every document was opened; then the bar may fill.
            total=tally.pages or None,
            completed=tally.pages_ended,
            description=describe(tally),
        )

    def aside(self, write: Callable[[], None]) -> None:
        """Take the bar off the screen, call ``write``, and put it back."""
        self._progress.stop()
        write()
        self._progress.start()


@contextmanager
def meter(*, quiet: bool = False) -> Iterator[Meter]:
    """Show a bar on standard error if it is a terminal, and nobody asked for quiet."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich import progress as bars  # noqa: PLC0415 - a twentieth of a second
    from rich.console import Console  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True, refresh_per_second=5) as progress:
        yield Bar(progress)


def describe(tally: Tally) -> str:
    """Say a tally in words: ``2 of 5 documents · 153 of 532 pages · 1 failed``."""
    parts = []
    if tally.documents > 1:
        parts.append(f"{tally.documents_ended} of {tally.documents} documents")
    parts.append(f"{tally.pages_ended} of {tally.pages} pages" if tally.pages else "opening")
    if tally.pages_failed:
        parts.append(f"{tally.pages_failed} failed")
    return " · ".join(parts)
