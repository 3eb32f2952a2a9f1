"""What `fanfold plan` says: the forecast and its levers as text or JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from cli.planning import bill, plan, ramp
from cli.planning.deployment import Deployment
from cli.planning.measured import FULL_CORE_MB, Kind, Measurement
from cli.planning.plan import Limits, Load
from cli.planning.prices import Prices
from client.errors import Usage
from fanfold.model import PART_PAGES, SHARD_PAGES

_PUT_SECONDS = 0.01
"""A page's share of storing ten files at once and queueing them; assumed, not measured."""
_CALL_SECONDS = 0.03
"""How long a request to AWS takes; assumed. How many there are is measured."""
_JOIN_SECONDS = 0.0035
"""CPU seconds to put a page of a folded part into its place in every file (``bench.fold``)."""
_VISIBLE = 0.005


@dataclass(frozen=True, slots=True)
class Question:
    """A load under limits, and the prices of what would be bought."""

    load: Load
    limits: Limits
    prices: Prices


def limits(deployment: Deployment, account: int, pollers: tuple[int, int] | None) -> Limits:
    """Return the limits that the template sets."""
    steps = deployment.steps
    return Limits(
        page=steps["page"].concurrency,
        split=steps["split"].concurrency,
        heavy=steps["page-heavy"].concurrency,
        intake=steps["intake"].concurrency,
        assemble=steps["assemble"].concurrency,
        others=deployment.others,
        account=account,
        pollers=pollers,
    )


def seconds(deployment: Deployment, page: Kind, step: str) -> float:
    """Return how long a step computes for one page, with the CPU that its memory brings."""
    return page.cpu[step] / _share(deployment, step)


def _share(deployment: Deployment, step: str) -> float:
    return min(1.0, deployment.steps[step].memory / FULL_CORE_MB)


def _beside(deployment: Deployment, measured: Measurement, step: str) -> float:
    """Return how long a step is busy with a document, or a shard, beside its pages."""
    found = measured.document("scan")
    return found.calls[step] * _CALL_SECONDS + found.cpu[step] / _share(deployment, step)


def load(deployment: Deployment, measured: Measurement, read: float | None) -> Load:
    """Return one document of one page; ``read`` where nobody said it is what was measured."""
    waiting = bill.Wish().waiting
    scan, beside = measured.kinds["scan"], measured.page("scan")
    return Load(
        pages=1,
        open=_beside(deployment, measured, "intake"),
        shard=_beside(deployment, measured, "split"),
        end=_beside(deployment, measured, "assemble"),
        join=_JOIN_SECONDS / _share(deployment, "assemble"),
        cut=seconds(deployment, beside, "split") + _PUT_SECONDS,
        read=read if read is not None else seconds(deployment, scan, "page") + waiting,
        fold=seconds(deployment, beside, "assemble"),
    )


def refuse(deployment: Deployment, load: Load) -> None:
    """Raise Usage where an invocation would take longer than its function may."""
    size = math.ceil(load.pages / load.documents)
    for step, seconds, what in (
        ("page", load.read, "to read a page"),
        ("split", load.shard + load.cut * min(size, SHARD_PAGES), "to cut a shard"),
        ("assemble", load.end + load.fold * min(size, PART_PAGES), "to fold a part"),
        ("assemble", load.end + load.join * size, f"to put {size:,} pages together"),
    ):
        most = deployment.steps[step].timeout
        if seconds > most:
            raise Usage(
                f"{step} takes {seconds:,.0f} s {what}, and has {most:g} s:"
                " make documents of fewer pages, or give it more memory."
            )


def text(question: Question) -> str:
    """Return the answer that people read."""
    return "\n".join([*_head(question), "", *_forecast(question), "", *_levers(question)]) + "\n"


def data(question: Question) -> dict[str, Any]:
    """Return the answer for programs; times in seconds from the upload."""
    wish, under = question.load, question.limits
    return {
        "load": asdict(wish),
        "limits": asdict(under),
        "forecast": asdict(plan.forecast(wish, under)),
        "bound": plan.bound(wish, under),
        "levers": [asdict(lever) for lever in plan.levers(wish, under)],
    }


def _head(question: Question) -> Iterator[str]:
    wish, under = question.load, question.limits
    how = (
        f"{under.pollers[0]} to {under.pollers[1]} pollers of {ramp.INVOKES_PER_POLLER}"
        if under.pollers
        else f"PageConcurrency {under.page}"
    )
    yield (
        f"{wish.pages:,} pages in {wish.documents:,} document{'s' * (wish.documents > 1)},"
        f" {wish.read:.3g} s a page. {how}; account {under.account:,},"
    )
    yield (
        f"of which the other steps may take {under.others}; intake {under.intake},"
        f" split {under.split}, assemble {under.assemble} at once."
    )
    if wish.heavy_share:
        yield (
            f"{wish.heavy_share:.1%} once more in the heavy lane, {wish.heavy:g} s each,"
            f" {under.heavy} at once."
        )


def _forecast(question: Question) -> Iterator[str]:
    found = plan.forecast(question.load, question.limits)
    for name, moment in (
        ("all pages queued", found.queued),
        ("first page read", found.first),
        ("last page read", found.last),
        ("results folded", found.folded),
    ):
        yield f"{name:20}{_clock(moment)}"
    yield f"{'at once, at most':20}{found.peak:>9,}"
    yield f"{'bound by':22}{plan.bound(question.load, question.limits)}"


def _levers(question: Question) -> Iterator[str]:
    now = plan.forecast(question.load, question.limits)
    yield f"{'raise':22}{'':20}{'folded':>9}{'sooner':>9}"
    for lever in plan.levers(question.load, question.limits):
        end = lever.forecast.folded
        yield f"{lever.name:22}{lever.change:20}{_clock(end)}{_gain(now.folded, end)}"
    monthly = bill.HOURS * question.prices["lambda.poller_hour"]
    yield f"A provisioned poller costs ${monthly:,.2f} a month, whether or not pages come."


def _gain(now: float, then: float) -> str:
    gained = 1 - then / now
    return f"{gained:9.0%}" if gained >= _VISIBLE else f"{'-':>9}"


def _clock(moment: float) -> str:
    whole = round(moment)
    return f"{whole // 3600:3}:{whole // 60 % 60:02}:{whole % 60:02}"
