"""A running service's days: people feed it while workers die, then it rests and is looked at."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from infra.rehearsal.clients import Clients
from infra.rehearsal.cloud import Cloud
from infra.template.names import Place
from tests.soak import measures
from tests.soak.measures import Phase
from tests.soak.people import People

KILL_EVERY = 10.0
"""Seconds between two workers' deaths, on average."""
SETTLE = 240.0
"""Seconds within which everything must have ended after the last document was sent."""
_LOOK_SECONDS = 0.2
_STEADY = 5
"""Looks in a row that find the same descriptors: connections of the dead are closed."""


class NeverIdle(Exception):
    """Something is still under way long after the last document was sent."""


class Life:
    """Feeds a service for ``minutes`` and lets it rest after each ``feeding`` seconds."""

    def __init__(self, people: People, cloud: Cloud, seed: int, temporary: Path) -> None:
        self._people = people
        self._cloud = cloud
        self._random = Random(seed)
        self._temporary = temporary
        self._clients = Clients(Place(cloud.aws_url))
        self._survivors: set[psutil.Process] = set()
        self.kills = 0
        self.fed = 0.0
        """Seconds in which documents were sent."""

    def phases(self, minutes: float, feeding: float) -> Iterator[Phase]:
        """Yield an idle phase after each round, enough to be judged; raise NeverIdle."""
        began, rounds = time.monotonic(), 0
        while (now := time.monotonic()) - began < minutes * 60 or rounds < measures.NEEDED:
            rounds += 1
            self._feed(now + feeding)
            self.fed += time.monotonic() - now
            self.rest()
            spent = (time.monotonic() - began) / 60
            yield measures.look(spent, self._people.ended_in_all, self._temporary)

    def _feed(self, until: float) -> None:
        """Let people act and workers die."""
        death = time.monotonic()
        while (now := time.monotonic()) < until:
            self._people.act(sending=True)
            if now > death:
                self._kill(self._random.sample(mortal := self._mortals(), min(1, len(mortal))))
                death = now + self._random.expovariate(1 / KILL_EVERY)
            time.sleep(_LOOK_SECONDS)

    def rest(self) -> None:
        """Wait until nothing is under way, let all die but each step's oldest worker, and wait.

        The oldest are spared from the first rest on, so that there is one to compare with itself.
        """
        self._until(self._idle, "something is under way")
        self._survivors = set(_oldest(measures.workers()))
        self._kill(self._mortals())
        self._until(self._buried, "dead workers are not buried")
        seen: list[int] = []
        self._until(lambda: self._steady(seen), "descriptors come and go")

    def _mortals(self) -> list[psutil.Process]:
        return [one for one in measures.workers() if one not in self._survivors]

    def _kill(self, victims: list[psutil.Process]) -> None:
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.send_signal(signal.SIGKILL)
                self.kills += 1

    def _idle(self) -> bool:
        """Let people see to the end of their documents; return whether nothing is left to do."""
        self._people.act(sending=False)
        under_way = self._people.live or self._people.ended or self.waiting()
        return not under_way and not any(pool.busy() for pool in self._cloud.pools.values())

    def _buried(self) -> bool:
        family = psutil.Process().children()
        return not self._mortals() and all(map(_lives, family))

    def _steady(self, seen: list[int]) -> bool:
        seen.append(psutil.Process().num_fds())
        last = seen[-_STEADY:]
        return len(last) == _STEADY and len(set(last)) == 1

    def _until(self, condition: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + SETTLE
        while not condition():
            if time.monotonic() > deadline:
                raise NeverIdle(otherwise)
            time.sleep(_LOOK_SECONDS)

    def left(self) -> list[str]:
        """Let the sweep remove documents that were deleted; return what is left of them."""
        self._cloud.pools["SweepFunction"].invoke({})
        s3 = self._clients.s3()
        objects = [s3.list_object_versions(Bucket=bucket) for bucket in self._cloud.buckets]
        keys = [one["Key"] for listed in objects for one in listed.get("Versions", ())]
        torn = self._people.torn
        found = [f"object {key}" for key in keys if not any(one in key for one in torn)]
        items = self._clients.dynamodb().scan(TableName=self._cloud.table)["Items"]
        # A deleted document's META stays for a while, so that late workers stay locked out.
        return found + [f"item {one['pk']['S']}" for one in items if counts(one)] + self.waiting()

    def waiting(self) -> list[str]:
        """Name the queues that hold messages."""
        sqs, found = self._clients.sqs(), []
        for url in sqs.list_queues().get("QueueUrls", ()):
            told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            waiting = int(told["ApproximateNumberOfMessages"])
            flying = int(told["ApproximateNumberOfMessagesNotVisible"])
            found += [f"{waiting + flying} messages in {url}"] if waiting + flying else []
        return found


def counts(item: dict) -> bool:
    """Whether an item should be gone; what has a time to live goes by itself."""
    return "ttl" not in item and item.get("state", {}).get("S") != "DELETED"


def _oldest(workers: list[psutil.Process]) -> list[psutil.Process]:
    """Return the first worker of each step."""
    return list({measures.function(one): one for one in reversed(workers)}.values())


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False
