"""A month's bill: what a page costs, and what an idle deployment costs. Arithmetic only.

Free tiers and volume discounts are left out, so a real bill is lower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cli.planning.deployment import Kept, Step
from cli.planning.measured import FULL_CORE_MB, Kind, gb_seconds
from cli.planning.prices import Prices

HOURS = 730.0
"""An average month, as AWS reckons; 30.42 days."""
DAYS = HOURS / 24
GB = 1e9
POLLS = 5 * HOURS * 3600 / 20
"""Requests to SQS a month and mapping without messages: five pollers, 20 s each. A mapping with
MaximumConcurrency never has fewer (Lambda developer guide, “Configuring scaling behavior for
SQS”)."""
EVENTS_PER_OBJECT = 3
"""What EventBridge hears of an object of its bucket: created, expired, old version removed."""
BETWEEN = ("work", "pages")
"""First words of the keys of what lies between an original and its results."""
PLATFORM_LOG = 1100
"""Bytes that Lambda itself logs per invocation: the start, runtimeDone and report records."""
SWEEP_GB_SECONDS = 0.5 * 0.25
"""A sweep that finds nothing: 512 MB for a quarter of a second."""


class Network(StrEnum):
    """The values of the template's parameter Network."""

    BEHIND_NAT = "behind-nat"
    BEHIND_NAT_SQS = "behind-nat-sqs"
    """SQS is reached through the NAT gateway, not through an endpoint."""
    SEALED = "sealed"
    NONE = "none"
    """No VPC."""


_WITH_NAT = {Network.BEHIND_NAT, Network.BEHIND_NAT_SQS}
_WITH_ENDPOINT = {Network.BEHIND_NAT, Network.SEALED}


class Architecture(StrEnum):
    """Lambda's instruction sets; their prices differ."""

    X86_64 = "x86_64"
    ARM64 = "arm64"


class Deployed(Protocol):
    """What a bill needs of a deployment; see ``cli.planning.deployment``."""

    @property
    def steps(self) -> Mapping[str, Step]: ...  # noqa: D102
    @property
    def mappings(self) -> int: ...  # noqa: D102
    @property
    def sweeps_per_month(self) -> float: ...  # noqa: D102
    @property
    def kept(self) -> Mapping[str, Kept]: ...  # noqa: D102
    @property
    def alarm_metrics(self) -> int: ...  # noqa: D102
    @property
    def composite_alarms(self) -> int: ...  # noqa: D102
    @property
    def dashboards(self) -> int: ...  # noqa: D102
    @property
    def metrics(self) -> int: ...  # noqa: D102
    @property
    def zones(self) -> int: ...  # noqa: D102
    @property
    def nat_per_zone(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Line:
    """``quantity`` of something at ``price`` dollars each."""

    item: str
    quantity: float
    unit: str
    price: float

    @property
    def dollars(self) -> float:
        """What it comes to."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be priced. ``waiting`` in seconds a page, assumed."""

    pages_per_day: float = 1000
    document_pages: float | None = None
    """Pages of a document; None for those that were measured."""
    network: Network = Network.BEHIND_NAT
    architecture: Architecture = Architecture.X86_64
    waiting: float = 0.25
    keys: int = 0
    domain: bool = False
    health_check: bool = False
    outbound_bytes: float = 0

    @property
    def pages(self) -> float:
        """Pages in a month."""
        return self.pages_per_day * DAYS


def page(kind: Kind, deployed: Deployed, prices: Prices, wish: Wish) -> list[Line]:
    """Return the lines of one page, its share of its document's steps among them."""
    traces = traced(kind.messages * wish.pages) / wish.pages
    return [
        *_lambda(kind, deployed, prices, wish),
        Line("S3 PUT", kind.puts, "requests", prices["s3.put"]),
        Line("S3 GET", kind.gets, "requests", prices["s3.get"]),
        Line("S3 storage", _gb_months(kind, deployed), "GB-months", prices["s3.gb_month"]),
        Line(
            "EventBridge", _events(kind, deployed), "S3 events",
            prices["eventbridge.opt_in_event"],
        ),
        # Lambda receives and deletes each message by itself: batches of one.
        Line("SQS", kind.sends + 2 * kind.messages, "requests", prices["sqs.request"]),
        Line("DynamoDB writes", kind.writes, "units", prices["dynamodb.write"]),
        Line("DynamoDB reads", kind.reads, "units", prices["dynamodb.read"]),
        Line("logs", _log_bytes(kind) / GB, "GB", prices["logs.ingested_gb"]),
        Line("X-Ray", traces, "traces", prices["xray.trace"]),
        *_way_out(kind, prices, wish),
    ]  # fmt: skip


def between(kind: Kind, deployed: Deployed, prices: Prices) -> list[Line]:
    """Return the lines of what lies between a page's original and its results.

    Requests, events and old versions: what is paid for it beside its own bytes.
    """
    events = _events(kind, deployed, BETWEEN)
    old = sum(kind.stored.get(at, 0.0) * deployed.kept[at].old_days for at in BETWEEN)
    return [
        Line("S3 PUT", kind.between_puts, "requests", prices["s3.put"]),
        Line("S3 GET", kind.between_gets, "requests", prices["s3.get"]),
        Line("EventBridge", events, "S3 events", prices["eventbridge.opt_in_event"]),
        Line("old versions", old / GB / DAYS, "GB-months", prices["s3.gb_month"]),
    ]


def idle(deployed: Deployed, prices: Prices, wish: Wish) -> list[Line]:
    """Return the lines of a month in which nothing is read."""
    lines = [
        Line("SQS polling", deployed.mappings * POLLS, "requests", prices["sqs.request"]),
        Line(
            "sweep", deployed.sweeps_per_month * SWEEP_GB_SECONDS, "GB-s",
            prices[f"lambda.gb_second_{wish.architecture}"],
        ),
        *_watching(deployed, prices),
        *network(deployed, prices, wish),
        Line("KMS keys", wish.keys, "keys", prices["kms.key_month"]),
        Line("hosted zone", wish.domain, "zones", prices["route53.zone_month"]),
        Line("health check", wish.health_check, "checks", prices["route53.health_check_month"]),
    ]  # fmt: skip
    return [line for line in lines if line.quantity]


def network(deployed: Deployed, prices: Prices, wish: Wish, hours: float = HOURS) -> list[Line]:
    """Return the lines of so many hours of a network that is there and does nothing."""
    nats = (deployed.zones if deployed.nat_per_zone else 1) if wish.network in _WITH_NAT else 0
    endpoints = deployed.zones if wish.network in _WITH_ENDPOINT else 0
    return [
        Line("NAT gateways", hours * nats, "hours", prices["nat.hour"]),
        Line("NAT addresses", hours * nats, "hours", prices["nat.address_hour"]),
        Line("interface endpoints", hours * endpoints, "hours", prices["endpoint.zone_hour"]),
    ]


def total(lines: list[Line]) -> float:
    """Return what lines come to, in dollars."""
    return sum(line.dollars for line in lines)


def traced(invocations: float) -> float:
    """Return the most traces that X-Ray records of a month's invocations.

    Its default rule: the first of each second, and 5 % of the others.
    """
    firsts = min(invocations, HOURS * 3600)
    return firsts + 0.05 * (invocations - firsts)


def _lambda(kind: Kind, deployed: Deployed, prices: Prices, wish: Wish) -> Iterator[Line]:
    price = prices[f"lambda.gb_second_{wish.architecture}"]
    for name, step in deployed.steps.items():
        if name in kind.cpu:
            # Only the page's own worker waits for every page.
            waiting = wish.waiting * step.memory / 1024 if name == "page" else 0.0
            # Work that runs on one core takes no less time for the second, which is paid as well.
            cores = max(1.0, step.memory / FULL_CORE_MB)
            computing = gb_seconds(kind.cpu[name]) * cores
            yield Line(f"Lambda {name}", computing + waiting, "GB-s", price)
    yield Line("Lambda requests", kind.messages, "requests", prices["lambda.request"])


def _gb_months(kind: Kind, deployed: Deployed) -> float:
    return sum(
        size / GB * (deployed.kept[at].days + deployed.kept[at].old_days) / DAYS
        for at, size in kind.stored.items()
    )


def _events(kind: Kind, deployed: Deployed, words: Iterable[str] | None = None) -> float:
    """Return the events of a page's objects, of those whose keys begin with ``words`` if said."""
    told = [at for at in words or kind.objects if deployed.kept[at].told]
    return EVENTS_PER_OBJECT * sum(kind.objects.get(at, 0.0) for at in told)


def _log_bytes(kind: Kind) -> float:
    return kind.log_bytes + PLATFORM_LOG * kind.messages


def _way_out(kind: Kind, prices: Prices, wish: Wish) -> Iterator[Line]:
    """S3 and DynamoDB have gateways that cost nothing; queues have an endpoint or the NAT."""
    endpoint = kind.queue_bytes if wish.network in _WITH_ENDPOINT else 0.0
    queues = kind.queue_bytes if wish.network is Network.BEHIND_NAT_SQS else 0.0
    outbound = wish.outbound_bytes if wish.network in _WITH_NAT else 0.0
    yield Line("endpoint data", endpoint / GB, "GB", prices["endpoint.gb"])
    yield Line("NAT data", (queues + outbound) / GB, "GB", prices["nat.gb"])


def _watching(deployed: Deployed, prices: Prices) -> Iterator[Line]:
    yield Line("alarms", deployed.alarm_metrics, "metrics", prices["cloudwatch.alarm_metric_month"])
    yield Line(
        "alarms over alarms", deployed.composite_alarms, "alarms",
        prices["cloudwatch.composite_alarm_month"],
    )  # fmt: skip
    yield Line("dashboards", deployed.dashboards, "boards", prices["cloudwatch.dashboard_month"])
    yield Line("custom metrics", deployed.metrics, "metrics", prices["cloudwatch.metric_month"])
