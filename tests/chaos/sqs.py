"""A model of SQS: visibility, receive counts, redrive, duplicates, no order, half-sent batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from fanfold.errors import Unavailable
from tests.fakes.world import FakeClock


@dataclass(eq=False)
class Letter:
    """A message under way; ``visible_at`` in milliseconds since the epoch."""

    body: str
    visible_at: int
    receives: int = 0


@dataclass
class SqsModel:
    """One standard queue.

    ``visibility`` in seconds; ``most`` receives until a letter goes to ``dead`` (None: never);
    ``duplicates`` is how often a letter that is being worked on is given out once more at once,
    ``half`` how often a send breaks off after some of its messages.
    """

    name: str
    random: Random
    clock: FakeClock
    visibility: int
    most: int | None = None
    dead: SqsModel | None = None
    duplicates: float = 0.0
    half: float = 0.0
    letters: list[Letter] = field(default_factory=list)
    deliveries: int = 0
    closed_until: int = 0
    """The moment until which nobody receives, in milliseconds since the epoch."""
    groups: set[tuple[str, str]] = field(default_factory=set)
    """Every message that was sent, with its group."""
    thief: bool = False
    """Whether the next send is taken and lost: SQS does not do that, people do."""

    def send(self, bodies: Iterable[str], *, group: str, delay: int = 0) -> None:
        assert group, "fair queues need a group"
        if self.thief:
            self.thief = False
            return
        for body in bodies:
            self.groups.add((body, group))
            if self.random.random() < self.half:
                raise Unavailable("half of a batch was sent")
            self.letters.append(Letter(body, self.clock.now() + delay * 1000))

    def send_surely(self, body: str) -> None:
        """Take a message that is not ours to lose: S3's events reach the queue."""
        self.letters.append(Letter(body, self.clock.now()))

    def receive(self) -> Letter | None:
        """Give out any visible letter, or move those that had their chances."""
        if self.clock.now() < self.closed_until:
            return None
        visible = [one for one in self.letters if one.visible_at <= self.clock.now()]
        while visible:
            letter = visible.pop(self.random.randrange(len(visible)))
            if self.most is not None and letter.receives >= self.most:
                self._redrive(letter)
                continue
            letter.receives += 1
            self.deliveries += 1
            if self.random.random() >= self.duplicates:
                letter.visible_at = self.clock.now() + self.visibility * 1000
            return letter
        return None

    def waiting(self) -> int:
        return sum(one.visible_at <= self.clock.now() for one in self.letters)

    def delete(self, letter: Letter) -> None:
        if letter in self.letters:
            self.letters.remove(letter)

    def next_visible(self) -> int | None:
        first = min((one.visible_at for one in self.letters), default=None)
        return first if first is None else max(first, self.closed_until)

    def _redrive(self, letter: Letter) -> None:
        self.letters.remove(letter)
        if self.dead is None:
            return
        # Whether a receive count survives a redrive is not promised either way.
        carried = letter.receives if self.random.random() < 0.5 else 0
        self.dead.letters.append(Letter(letter.body, self.clock.now(), carried))
