"""How an event source mapping works off a queue: it starts small and grows while messages wait.

AWS Lambda developer guide, “Configuring scaling behavior for SQS event source mappings”. Standard
mode begins with 5 concurrent invocations and adds up to 300 a minute, to 1,250 or to the mapping's
MaximumConcurrency. Provisioned mode keeps between 2 and 200 pollers (MinimumPollers), adds up to
1,000 concurrent invocations a minute, 10 for each poller, to MaximumPollers (2 to 2,000); it
excludes MaximumConcurrency. Growth is taken as even over the minute; AWS promises “up to”.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, inf

from client.errors import Usage

STANDARD_START = 5
STANDARD_PER_MINUTE = 300
STANDARD_MOST = 1250
PROVISIONED_PER_MINUTE = 1000
INVOKES_PER_POLLER = 10
MIN_POLLERS = (2, 200)
MAX_POLLERS = (2, 2000)
_RANGES = (MIN_POLLERS, MAX_POLLERS)


@dataclass(frozen=True, slots=True)
class Pollers:
    """Invocations allowed at once: ``start`` at first, ``per_minute`` more, ``most`` at the end."""

    start: int
    per_minute: int
    most: int

    def reached(self, concurrency: int) -> float:
        """Return the seconds until so many are allowed at once; inf where they never are."""
        if concurrency > self.most:
            return inf
        return max(0.0, (concurrency - self.start) * 60 / self.per_minute)


@dataclass(frozen=True, slots=True)
class Served:
    """When each message was begun and done, in seconds and in order; ``peak`` at once."""

    starts: Sequence[float]
    ends: Sequence[float]
    peak: int


def standard(most: int) -> Pollers:
    """Return standard mode under a limit."""
    most = max(1, min(most, STANDARD_MOST))
    return Pollers(min(STANDARD_START, most), STANDARD_PER_MINUTE, most)


def provisioned(least_pollers: int, most_pollers: int, most: int) -> Pollers:
    """Return provisioned mode under a limit that is not its own, such as the account's."""
    most = max(1, min(most_pollers * INVOKES_PER_POLLER, most))
    return Pollers(min(least_pollers * INVOKES_PER_POLLER, most), PROVISIONED_PER_MINUTE, most)


def pollers_for(concurrency: int) -> int:
    """Return how many pollers it takes to invoke so many at once."""
    return max(MIN_POLLERS[0], ceil(concurrency / INVOKES_PER_POLLER))


def parse_pollers(given: str) -> tuple[int, int] | None:
    """Read ``least:most``; None where nothing was said, Usage where Lambda would refuse it."""
    if not given:
        return None
    least, _, most = given.partition(":")
    if least.isdecimal() and most.isdecimal():
        pair = int(least), int(most)
        inside = all(low <= n <= high for n, (low, high) in zip(pair, _RANGES, strict=True))
        if inside and pair[0] <= pair[1]:
            return pair
    raise Usage(
        f"Pollers are LEAST:MOST with {MIN_POLLERS[0]} to {MIN_POLLERS[1]} and"
        f" {MAX_POLLERS[0]} to {MAX_POLLERS[1]}, not {given!r}."
    )


def serve(arrivals: Iterable[float], seconds: Sequence[float] | float, pollers: Pollers) -> Served:
    """Work off messages in order of arrival, one at a time each.

    ``arrivals`` ascend; ``seconds`` is what each takes, or all take.
    """
    times = list(arrivals)
    busy: list[float] = []
    starts: list[float] = []
    ends: list[float] = []
    now, peak = 0.0, 0
    for number, arrival in enumerate(times):
        now = _begin(max(now, arrival), times[0], busy, pollers)
        took = seconds if isinstance(seconds, int | float) else seconds[number]
        heapq.heappush(busy, now + took)
        starts.append(now)
        ends.append(now + took)
        peak = max(peak, len(busy))
    return Served(starts, ends, peak)


def _begin(now: float, opened: float, busy: list[float], pollers: Pollers) -> float:
    """Return when one more may begin: somebody is done, or the mapping has grown."""
    while busy and busy[0] <= now:
        heapq.heappop(busy)
    grown = opened + pollers.reached(len(busy) + 1)
    if grown <= now:
        return now
    now = min(grown, busy[0] if busy else inf)
    while busy and busy[0] <= now:
        heapq.heappop(busy)
    return now
