"""A document of 10,000 pages, and 20 of a single page that come into the midst.

    python -m tests.chaos.fairness [--seeds 20]

A model of the pipeline's queues under SQS's rule for fair queues, with the groups that documents
have (``messages.group_of``): those of one tenant, and those of two. What AWS says (developer
guide, “How Amazon SQS fair queues work”): messages of one MessageGroupId are one tenant's; those
without are each a tenant of their own. A tenant is a noisy neighbour when it has more than 10 % of
the messages in flight and at least 30 of its own, or more than 10 % of the recent processing time;
these are approximate. While a quiet tenant's message is there, it is delivered first; among noisy
tenants the one with the fewest messages in flight. A tenant is quiet again when its backlog is
used up or after five minutes without a message. Nothing is preempted, dropped or throttled, no
time is promised, and steps with fewer than 30 workers are told apart by processing time alone.

The model looks for noisy tenants every ``LAG`` seconds only, and over the last ``WINDOW``. Workers
per step are template.yaml's. Work times are seconds as on AWS at the functions' memory: what is
compared are the small documents' times alone with those beside the large one, with the same draws.
"""

from __future__ import annotations

import argparse
import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, product
from random import Random

from fanfold.access import TENANT
from fanfold.messages import group_of
from fanfold.model import Document, State
from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import wire
from tests.aws import TEMPLATE

PAGES = 10_000
SMALL = 20
LAG = 10.0
WINDOW = 60.0
ARRIVE = {"one by one": (20.0, 300.0), "at once": (40.0, 40.0)}
"""When the small documents come, in seconds after the large one: while it is still being cut."""
SENDERS = {"of one tenant": (TENANT, TENANT), "of two": ("large", "small")}
"""Who sends the large document, and who the small ones."""
SHARE, FEWEST = 0.1, 30
STEPS = ("intake", "split", "page", "assemble")


@dataclass(frozen=True)
class Letter:
    """One message: its group, of which document, and how many pages it stands for."""

    group: str
    document: int
    pages: int
    number: int


@dataclass
class FairQueue:
    """One standard queue and its function's workers."""

    workers: int
    fair: bool = True
    waiting: dict[str, deque[Letter]] = field(default_factory=dict)
    flying: Counter[str] = field(default_factory=Counter)
    worked: deque[tuple[float, str, float]] = field(default_factory=deque)
    noisy: set[str] = field(default_factory=set)
    looked: float = -LAG

    def send(self, letter: Letter) -> None:
        self.waiting.setdefault(letter.group, deque()).append(letter)

    def receive(self, now: float) -> Letter | None:
        """Give out the next message if a worker is free."""
        there = [tenant for tenant, letters in self.waiting.items() if letters]
        if not there or sum(self.flying.values()) >= self.workers:
            return None
        self._look(now)
        tenant = min(there, key=self._rank if self.fair else self._age)
        self.flying[tenant] += 1
        return self.waiting[tenant].popleft()

    def done(self, letter: Letter, now: float, seconds: float) -> None:
        self.flying[letter.group] -= 1
        self.worked.append((now, letter.group, seconds))

    def _age(self, tenant: str) -> tuple[int, int]:
        return (0, self.waiting[tenant][0].number)

    def _rank(self, tenant: str) -> tuple[int, int]:
        """Order tenants: quiet ones by the age of their message, then noisy ones."""
        return (1, self.flying[tenant]) if tenant in self.noisy else self._age(tenant)

    def _look(self, now: float) -> None:
        self.noisy = {tenant for tenant in self.noisy if self.waiting.get(tenant)}
        if now - self.looked < LAG:
            return
        self.looked = now
        while self.worked and self.worked[0][0] < now - WINDOW:
            self.worked.popleft()
        times: Counter[str] = Counter()
        for _, tenant, seconds in self.worked:
            times[tenant] += seconds  # type: ignore[assignment]
        self.noisy = {tenant for tenant in self.waiting if self._is_noisy(tenant, times)}

    def _is_noisy(self, tenant: str, times: Counter[str]) -> bool:
        mine, all_flying = self.flying[tenant], sum(self.flying.values())
        crowd = mine >= FEWEST and mine > SHARE * all_flying
        return crowd or times[tenant] > SHARE * sum(times.values())


def seconds_of(step: str, letter: Letter, random: Random) -> float:
    """Return how long a step works on a message."""
    if step == "page":  # half of them below 8 s, one in a hundred above 30 s
        return min(55.0, random.lognormvariate(2.08, 0.57))
    per_page = {"intake": 0.002, "split": 0.08, "assemble": 0.02}[step]
    return random.uniform(0.8, 1.6) + per_page * letter.pages


def workers() -> dict[str, int]:
    """Return every step's MaximumConcurrency in template.yaml."""
    wiring = wire(load(TEMPLATE, Place(aws_url="http://127.0.0.1:1"), {}))
    steps = {source.queue_arn.rpartition("-")[2]: source for source in wiring.sources}
    return {step: steps[step].concurrency or 1_000 for step in STEPS}


class Pipeline:
    """All steps; plays documents to their ends."""

    def __init__(self, seed: int, *, fair: bool = True) -> None:
        self.seed, self.numbers = seed, count()
        self.queues = {step: FairQueue(n, fair) for step, n in workers().items()}
        self.events: list[tuple[float, int, str, Letter]] = []
        self.left: Counter[int] = Counter()
        self.ended: dict[int, float] = {}
        self.busy: dict[int, float] = {}

    def arrive(self, when: float, tenant: str, document: int, pages: int) -> None:
        group = group_of(Document(str(document), tenant, State.QUEUED, "", 0, 0))
        self._at(when, "arrival", Letter(group, document, pages, next(self.numbers)))

    def run(self) -> dict[int, float]:
        """Return when each document ended."""
        while self.events:
            now, _, what, letter = heapq.heappop(self.events)
            if what == "arrival":
                self._send("intake", letter)
            else:
                self.queues[what].done(letter, now, self.busy.pop(letter.number))
                for step, following in self._follows(what, letter):
                    self._send(step, following)
                if what == "assemble":
                    self.ended[letter.document] = now
            self._work(now)
        return self.ended

    def _send(self, step: str, letter: Letter) -> None:
        # S3's events come without a group: each message is one of its own.
        own = f"{letter.group}-{letter.number}" if step == "intake" else letter.group
        self.queues[step].send(Letter(own, letter.document, letter.pages, letter.number))

    def _work(self, now: float) -> None:
        for step, queue in self.queues.items():
            while letter := queue.receive(now):
                # The same document draws the same times alone and in company.
                draw = Random(f"{self.seed} {step} {letter.document} {letter.pages}")
                if letter.pages == 1 and letter.document == 0:
                    draw = Random(f"{self.seed} {step} {letter.number}")
                self.busy[letter.number] = seconds_of(step, letter, draw)
                self._at(now + self.busy[letter.number], step, letter)

    def _follows(self, step: str, letter: Letter) -> Iterator[tuple[str, Letter]]:
        group = letter.group.partition("-")[0]

        def of(pages: int) -> Letter:
            return Letter(group, letter.document, pages, next(self.numbers))

        if step == "intake":
            self.left[letter.document] = letter.pages
            for first in range(0, letter.pages, 100):
                yield "split", of(min(100, letter.pages - first))
        elif step == "split":
            for _ in range(letter.pages):
                yield "page", of(1)
        elif step == "page":
            self.left[letter.document] -= 1
            if not self.left[letter.document]:
                yield "assemble", of(PAGES if letter.document == 0 else 1)

    def _at(self, when: float, what: str, letter: Letter) -> None:
        heapq.heappush(self.events, (when, next(self.numbers), what, letter))


def small_times(
    seed: int, coming: str, senders: str, *, crowded: bool, fair: bool = True
) -> list[float]:
    """Return how long each of the small documents took, in seconds."""
    pipeline, random = Pipeline(seed, fair=fair), Random(seed)
    large, small = SENDERS[senders]
    if crowded:
        pipeline.arrive(0.0, large, 0, PAGES)
    came = {n: random.uniform(*ARRIVE[coming]) for n in range(1, SMALL + 1)}
    for document, when in came.items():
        pipeline.arrive(when, small, document, 1)
    ended = pipeline.run()
    return [ended[document] - when for document, when in came.items()]


def p95(times: list[float]) -> float:
    return sorted(times)[-(len(times) // 20) - 1]


def compare(
    seeds: Iterable[int], coming: str, senders: str, *, fair: bool = True
) -> tuple[float, float]:
    """Return the small documents' p95 in seconds, alone and beside the large one."""
    seeds = list(seeds)
    alone = [t for seed in seeds for t in small_times(seed, coming, senders, crowded=False)]
    beside = [
        t for seed in seeds for t in small_times(seed, coming, senders, crowded=True, fair=fair)
    ]
    return p95(alone), p95(beside)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.fairness")
    parser.add_argument("--seeds", type=int, default=20)
    seeds, worst = range(parser.parse_args().seeds), 0.0
    fairness = {"": True, " (without groups)": False}.items()
    for coming, senders, (name, fair) in product(ARRIVE, SENDERS, fairness):
        if fair or senders == "of two":
            alone, beside = compare(seeds, coming, senders, fair=fair)
            worst = max(worst, beside / alone) if fair else worst
            print(f"{SMALL} documents of a page {senders}, {coming}{name}:", end=" ")
            print(f"p95 {alone:.1f} s alone,", end=" ")
            print(f"{beside:.1f} s beside {PAGES} pages: {beside / alone:.2f} ×")
    return 0 if worst <= 2 else 1


if __name__ == "__main__":
    raise SystemExit(main())
