"""What the templates say about a deployment that costs and capacity depend on: no second copy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from client.errors import Usage
from fanfold.model import Source
from infra.template import TEMPLATE
from infra.template import template as templates
from infra.template.intrinsics import TemplateError
from infra.template.names import Place
from infra.template.wiring import Wiring, wire

_ALARM = "AWS::CloudWatch::Alarm"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow: memory in MB, timeout in seconds, MaximumConcurrency of its queue."""

    memory: int
    timeout: float
    concurrency: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Days that an object is there, and then as an old version; whether EventBridge hears of it."""

    days: float
    old_days: float
    told: bool


class Deployment:
    """template.yaml with parameters, and what infra/aws adds. Raises Usage where it cannot read."""

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        try:
            given = _numbers(parameters or {}, templates.read(TEMPLATE)["Parameters"])
            self._template = templates.load(TEMPLATE, Place(aws_url=""), given)
            self._wiring: Wiring = wire(self._template)
        except TemplateError as error:
            raise Usage(str(error)) from error

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps that take from queues: intake, split, page, page-heavy, assemble, lost."""
        found: dict[str, Step] = {}
        for source in self._wiring.sources:
            function = self._wiring.functions[source.function]
            step = found.get(_step(function.id), Step(function.memory, function.timeout, 0))
            added = step.concurrency + (source.concurrency or 0)
            found[_step(function.id)] = replace(step, concurrency=added)
        return found

    @property
    def mappings(self) -> int:
        """How many queues Lambda polls, those of dead letters among them."""
        return len(self._wiring.sources)

    @property
    def others(self) -> int:
        """The concurrency that all queues but the page queue may take of the account's."""
        return sum(step.concurrency for name, step in self.steps.items() if name != "page")

    @property
    def zones(self) -> int:
        """Availability zones of the VPC."""
        return int(self._template.parameters["Zones"])

    @property
    def nat_per_zone(self) -> bool:
        """Whether each zone has a NAT gateway of its own, if there is any."""
        return str(self._template.parameters["NatPerZone"]) == "true"

    @property
    def sweeps_per_month(self) -> float:
        """How often the clock invokes a function, in 730 hours."""
        return sum(730 * 3600 / schedule.seconds for schedule in self._wiring.schedules)

    @cached_property
    def kept(self) -> Mapping[str, Kept]:
        """How objects are kept, by the first word of their key."""
        buckets = self._template.resources("AWS::S3::Bucket")
        return {word: kept for one in buckets for word, kept in self._kept(one.properties)}

    def _kept(self, bucket: Mapping[str, Any]) -> Iterator[tuple[str, Kept]]:
        rules = self._template.value(bucket["LifecycleConfiguration"]["Rules"])
        old = [rule.get("NoncurrentVersionExpiration", {}) for rule in rules]
        versions = "VersioningConfiguration" in bucket
        days = sum(one.get("NoncurrentDays", 0) for one in old) if versions else 0
        told = "EventBridgeConfiguration" in bucket.get("NotificationConfiguration", {})
        for rule in rules:
            if "ExpirationInDays" in rule:
                word = rule["Prefix"].rstrip("/")
                yield word, Kept(float(rule["ExpirationInDays"]), float(days), told=told)

    @cached_property
    def alarm_metrics(self) -> int:
        """Metrics that alarms watch, which is what alarms are billed by."""
        return sum(_metrics(alarm.get("Properties", {})) for alarm in self._all(_ALARM))

    @cached_property
    def composite_alarms(self) -> int:
        """Alarms over alarms."""
        return sum(1 for _ in self._all("AWS::CloudWatch::CompositeAlarm"))

    @cached_property
    def dashboards(self) -> int:
        """Dashboards."""
        return sum(1 for _ in self._all("AWS::CloudWatch::Dashboard"))

    @property
    def metrics(self) -> int:
        """Custom metrics of a month in which all goes well; see ``fanfold.telemetry``.

        Pages and their time by source, documents that succeeded, and what each function took;
        none where nobody watches.
        """
        functions = self._wiring.functions.values()
        if all(f.environment.get("POWERTOOLS_METRICS_DISABLED") == "true" for f in functions):
            return 0
        return 2 * len(Source) + 1 + len(self._wiring.functions)

    def _all(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Yield the resources of a type, those of nested stacks for each time they are nested."""
        for name, resource in self._template.document["Resources"].items():
            if self._template.exists(name):
                yield from _within(resource, kind, TEMPLATE.parent)


def _numbers(given: Mapping[str, str], declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as their types; raise Usage for a number that CloudFormation refuses."""
    found: dict[str, Any] = dict(given)
    for name, value in given.items():
        rule = declared.get(name, {})
        if rule.get("Type") == "Number":
            least, most = rule.get("MinValue", 0), rule.get("MaxValue", math.inf)
            if not value.isdecimal() or not least <= int(value) <= most:
                raise Usage(f"{name} is a whole number from {least} to {most}, not {value!r}.")
            found[name] = int(value)
    return found


def _step(function: str) -> str:
    """Return the step's name from its function's: ``PageHeavyFunction`` is ``page-heavy``."""
    words = function.removesuffix("Function")
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in words).removeprefix("-")


def _within(resource: Mapping[str, Any], kind: str, folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield a resource of the type, or those of the stack it nests, whatever its conditions."""
    if resource["Type"] == kind:
        yield resource
    elif resource["Type"] == "AWS::CloudFormation::Stack":
        path = folder / str(resource["Properties"]["TemplateURL"])
        for inner in templates.read(path)["Resources"].values():
            yield from _within(inner, kind, path.parent)


def _metrics(alarm: Mapping[str, Any]) -> int:
    """Return how many metrics an alarm is billed for: one, or those its expression is made of."""
    return sum("MetricStat" in query for query in alarm.get("Metrics", [])) or 1
