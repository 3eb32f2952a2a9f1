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

_MANY: Final = 50
"""Fewer messages are worked off before the sweep looks again, also by the slowest step: 5 heavy
workers at up to 5 minutes a page take 60 an hour."""

PATIENCE: Final = 14 * 24
"""How often, once an hour, a document is found to be waiting: then its messages, which queues
keep for 14 days, are gone in any case."""


@dataclass(frozen=True, slots=True)
class SweepQueues:
    """Where the sweep looks and resumes: every step has its queue."""

    intake: Queue
    split: Queue
    page: Queue
    heavy: Queue
    assemble: Queue

    def before(self, state: State) -> tuple[Queue, ...]:
        """Return the queues in which messages of a document of this state may wait."""
        known: Mapping[State, tuple[Queue, ...]] = {
            State.QUEUED: (self.intake,),
            State.PROCESSING: (self.split, self.page, self.heavy),
            State.ASSEMBLING: (self.assemble,),
        }
        return known.get(state, ())


def is_waiting(state: State, waits: int, queues: SweepQueues) -> bool:
    """Return whether a document of a live state may be in line behind others, and may stay there.

    ``waits`` is how often it was found to be so.
    """
    return waits < PATIENCE and any(queue.waiting() >= _MANY for queue in queues.before(state))
