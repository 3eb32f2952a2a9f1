"""The alarms of the stack, and what each looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.infra.stack import Stack


def alarms(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from stack.of("AWS::CloudWatch::Alarm")


def metrics(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an alarm looks at: namespace, name, dimensions and period."""
    if "MetricName" in alarm:
        yield {**alarm, "Seen": _dimensions(alarm)}
    for one in alarm.get("Metrics", []):
        if "MetricStat" in one:
            metric = one["MetricStat"]["Metric"]
            yield {**metric, "Period": one["MetricStat"]["Period"], "Seen": _dimensions(metric)}


def _dimensions(metric: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
