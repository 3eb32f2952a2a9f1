"""When pages are read, what bounds them, and what raising each limit would bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from cli.planning import ramp
from cli.planning.ramp import Pollers
from fanfold.model import PART_PAGES, SHARD_PAGES

TOGETHER = 10
"""Pages that split queues in one go."""
PAGE_MOST = 1000
"""MaximumConcurrency of a mapping, as template.yaml allows it."""
ACCOUNT = 1000
"""Concurrent executions of an account and region that asked for nothing; new ones may have 10."""
_WORTH = 0.01
"""A limit that costs less than this share of the time is no bound."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be read, and how many seconds each thing takes."""

    pages: int
    documents: int = 1
    open: float = 2.0
    """A document, by intake."""
    shard: float = 0.0
    """A shard, by split, beside its pages."""
    cut: float = 0.03
    """A page, by split."""
    read: float = 8.0
    """A page."""
    heavy_share: float = 0.0
    """Of the pages, once more in the heavy lane."""
    heavy: float = 20.0
    """A page there."""
    fold: float = 0.02
    """A page, by assemble."""
    end: float = 0.5
    """A document, by assemble, beside its pages."""
    join: float = 0.004
    """A page of a document that is folded by parts, to put these together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Concurrency of the steps.

    ``others`` is what all steps but the pages may take of ``account``; ``pollers`` (least, most)
    is provisioned mode for pages, in which ``page`` does not count.
    """

    page: int
    split: int
    heavy: int
    intake: int
    others: int
    assemble: int = 5
    account: int = ACCOUNT
    pollers: tuple[int, int] | None = None

    @property
    def of_account(self) -> int:
        """What is left of the account for pages."""
        return max(1, self.account - self.others)

    @property
    def at_page(self) -> Pollers:
        """How the page queue is worked off."""
        if self.pollers:
            return ramp.provisioned(*self.pollers, self.of_account)
        return ramp.standard(min(self.page, self.of_account))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds from the upload. ``folded`` is when the last document's results lie there."""

    queued: float
    first: float
    last: float
    folded: float
    peak: int
    done: int


@dataclass(frozen=True, slots=True)
class Lever:
    """One limit raised, and what comes of it."""

    name: str
    change: str
    forecast: Forecast


def forecast(load: Load, limits: Limits) -> Forecast:
    """Play a load through the queues; a page ends in the small lane or then in the heavy one."""
    sizes = _documents(load)
    opened = ramp.serve([0.0] * len(sizes), load.open, ramp.standard(limits.intake)).ends
    arrivals = sorted(_queued(sizes, opened, load, limits))
    small = ramp.serve([at for at, _ in arrivals], load.read, limits.at_page)
    heavy = round(load.pages * load.heavy_share)
    passed_on = {load.pages * n // heavy for n in range(heavy)}
    late = sorted((end, n) for n, end in enumerate(small.ends) if n in passed_on)
    slow = ramp.serve([end for end, _ in late], load.heavy, ramp.standard(limits.heavy))
    ends = [*small.ends]
    for (_, n), end in zip(late, slow.ends, strict=True):
        ends[n] = end
    return Forecast(
        queued=arrivals[-1][0],
        first=min(ends),
        last=max(ends),
        folded=_folded(
            sizes, [(end, at[1]) for end, at in zip(ends, arrivals, strict=True)], load, limits
        ),
        peak=small.peak,
        done=len(ends),
    )


def _folded(sizes: list[int], ends: list[tuple[float, int]], load: Load, limits: Limits) -> float:
    """Return when the last document's results lie there; ``ends`` of each page and its document."""
    ready = [0.0] * len(sizes)
    for end, document in ends:
        ready[document] = max(ready[document], end)
    workers = ramp.standard(limits.assemble)
    parts = sorted(
        (ready[n], min(PART_PAGES, size - first), n)
        for n, size in enumerate(sizes)
        for first in range(0, size, PART_PAGES)
    )
    took = [load.end + load.fold * pages for _, pages, _ in parts]
    folded = ramp.serve([at for at, _, _ in parts], took, workers).ends
    whole = dict.fromkeys(range(len(sizes)), 0.0)
    for end, (_, _, n) in zip(folded, parts, strict=True):
        whole[n] = max(whole[n], end)
    long = sorted((end, n) for n, end in whole.items() if sizes[n] > PART_PAGES)
    joined = (
        ramp.serve(
            [at for at, _ in long], [load.end + load.join * sizes[n] for _, n in long], workers
        ).ends
        if long
        else []
    )
    return max([*whole.values(), *joined])


def levers(load: Load, limits: Limits) -> list[Lever]:
    """Return what raising each limit would bring, one at a time."""
    twice = replace(limits, account=2 * limits.account)
    page = min(2 * limits.page, PAGE_MOST)
    pollers = limits.pollers or (0, 0)
    most = min(ramp.pollers_for(limits.of_account), ramp.MAX_POLLERS[1])
    wider = (ramp.MIN_POLLERS[0], most) if not limits.pollers else (pollers[1], pollers[1])
    changes = [
        ("account concurrency", _from(limits.account, twice.account), load, twice),
        ("SplitConcurrency", _from(limits.split, 2 * limits.split), load,
         replace(limits, split=2 * limits.split)),
        ("IntakeConcurrency", _from(limits.intake, 2 * limits.intake), load,
         replace(limits, intake=2 * limits.intake)),
        ("AssembleConcurrency", _from(limits.assemble, 2 * limits.assemble), load,
         replace(limits, assemble=2 * limits.assemble)),
        ("provisioned pollers", f"{wider[0]} to {wider[1]}", load, replace(limits, pollers=wider)),
        ("speed of a page", _from(load.read, load.read / 2, " s"),
         replace(load, read=load.read / 2), limits),
    ]  # fmt: skip
    if not limits.pollers:
        changes[:0] = [
            ("PageConcurrency", _from(limits.page, page), load, replace(limits, page=page)),
            ("and the account’s", _from(limits.account, twice.account), load,
             replace(twice, page=page)),
        ]  # fmt: skip
    if load.heavy_share:
        double = replace(limits, heavy=2 * limits.heavy)
        changes.append(("heavy lane", _from(limits.heavy, double.heavy), load, double))
    return [Lever(name, how, forecast(new, under)) for name, how, new, under in changes]


def _from(now: float, then: float, unit: str = "") -> str:
    return f"{now:.4g}{unit} → {then:.4g}{unit}"


def bound(load: Load, limits: Limits) -> str:
    """Say what the last page waits for: what would let it end soonest, were it not there."""
    without = {
        "the heavy lane’s concurrency": (load, replace(limits, heavy=ramp.STANDARD_MOST)),
        "intake’s concurrency": (load, replace(limits, intake=ramp.STANDARD_MOST)),
        "fan-out by split": (replace(load, cut=0.0, shard=0.0), limits),
        "the growth of the mapping": (load, _at_once(limits)),
        _ceiling(limits): (load, replace(_at_once(limits), account=10**6, pollers=(10**5, 10**5))),
    }
    now = forecast(load, limits).last
    ends = {name: forecast(*case).last for name, case in without.items()}
    best = min(ends, key=ends.__getitem__)
    return best if now - ends[best] >= _WORTH * now else "the time that a page takes"


def _ceiling(limits: Limits) -> str:
    """Return what keeps the page queue from more concurrency in the end."""
    if limits.at_page.most == limits.of_account:
        return "the account’s concurrency"
    return "MaximumPollers" if limits.pollers else "PageConcurrency"


def _at_once(limits: Limits) -> Limits:
    """Return the same limits, reached from the first second on."""
    most = limits.at_page.most
    return replace(limits, account=most + limits.others, pollers=(most, most))


def _documents(load: Load) -> list[int]:
    """Return pages by document, as even as they can be."""
    documents = min(load.documents, load.pages)
    ends = [load.pages * (n + 1) // documents for n in range(documents)]
    return [end - begin for begin, end in pairwise([0, *ends])]


def _queued(
    sizes: list[int], opened: Sequence[float], load: Load, limits: Limits
) -> Iterator[tuple[float, int]]:
    """Yield the moment at which each page is in its queue, and its document."""
    shards = [
        (at, min(SHARD_PAGES, size - first), document)
        for document, (at, size) in enumerate(zip(opened, sizes, strict=True))
        for first in range(0, size, SHARD_PAGES)
    ]
    shards.sort()
    took = [load.shard + pages * load.cut for _, pages, _ in shards]
    served = ramp.serve([at for at, *_ in shards], took, ramp.standard(limits.split))
    for start, (_, pages, document) in zip(served.starts, shards, strict=True):
        for page in range(pages):
            together = min(pages, TOGETHER * ceil((page + 1) / TOGETHER))
            yield start + load.shard + together * load.cut, document
