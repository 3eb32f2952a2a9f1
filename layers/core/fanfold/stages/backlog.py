"""Backlog: whether a document stands still, or only waits for its turn.

Behind 100,000 pages of other documents nothing of a document moves for hours, and nothing of it is
lost. To send its pages again would make the backlog longer, to give them up would lose them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fanfold.model import State
from fanfold.ports import Queue

_MINIMUM_WAITING: Final = 50
"""Minimum of waiting messages that make a document wait in line. Fewer are worked off before the
sweep looks again, even by the slowest step: 5 heavy workers at up to 5 minutes a page take 60 an
hour."""

MAXIMUM_WAITS: Final = 14 * 24
"""Maximum of times, one an hour, that a document is found in line. By then its messages, which
queues keep for 14 days, are gone."""


@dataclass(frozen=True, slots=True)
class SweepQueues:
    """Where the sweep looks and resumes: every step has its queue."""

    intake: Queue
    split: Queue
    page: Queue
    heavy: Queue
    assemble: Queue

    def _before(self, state: State) -> tuple[Queue, ...]:
        """Return the queues in which messages of a document of this state may wait."""
        known: Mapping[State, tuple[Queue, ...]] = {
            State.QUEUED: (self.intake,),
            State.PROCESSING: (self.split, self.page, self.heavy),
            State.ASSEMBLING: (self.assemble,),
        }
        return known.get(state, ())

    def is_waiting(self, state: State, waits: int) -> bool:
        """Return whether a document of a live state may be in line behind others, and may stay.

        ``waits`` is how often it was found to be so.
        """
        long = (queue.waiting() >= _MINIMUM_WAITING for queue in self._before(state))
        return waits < MAXIMUM_WAITS and any(long)
