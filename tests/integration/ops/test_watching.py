"""The alarms as the templates come out with parameters put in, handed to CloudWatch (moto).

moto's CloudFormation makes no alarms, so they are made here, with the values that
CloudFormation would use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.template.names import Place
from infra.template.template import load

AWS = Path(__file__).parents[3] / "infra" / "aws"
STEPS = (
    *("Intake", "Split", "Page", "PageHeavy", "Assemble", "Notify"),
    *("Api", "Authorize", "Lost", "Sweep"),
)
PARAMETERS = {
    "Stack": "fanfold",
    "Architecture": "arm64",
    "AlarmEmail": "ops@example.org",
    "MonthlyBudget": "100",
    "NatGateway1": "nat-1",
    "NatGateway2": "",
    "NatGateway3": "nat-3",
    **{step: f"fanfold-{step}Function-1A2B" for step in STEPS},
}


def resources(kind: str, path: Path, parameters: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the properties of all resources of a type, in nested stacks as well."""
    template = load(path, Place("http://127.0.0.1"), parameters)
    for resource in template.resources(kind):
        yield template.value(resource.properties)
    for resource in template.resources("AWS::CloudFormation::Stack"):
        inner = template.value(resource.properties)
        given = {name: str(value) for name, value in inner["Parameters"].items()}
        yield from resources(kind, path.parent / inner["TemplateURL"], given)


@pytest.fixture
def alarms(aws):
    """Make every alarm; return them by name, as CloudWatch tells of them."""
    client = boto3.client("cloudwatch")
    for alarm in resources("AWS::CloudWatch::Alarm", AWS / "observability.yaml", PARAMETERS):
        client.put_metric_alarm(**{**alarm, "Threshold": float(alarm["Threshold"])})
    pages = client.get_paginator("describe_alarms").paginate()
    return {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}


def test_every_alarm_is_one_and_each_has_a_name_of_its_own(alarms):
    made = list(resources("AWS::CloudWatch::Alarm", AWS / "observability.yaml", PARAMETERS))
    assert len(alarms) == len(made) == 50 + 2  # two of three NAT gateways are there
    assert "fanfold-nat-ports-2" not in alarms


def test_alarms_watch_what_they_are_called_after(alarms):
    duration = alarms["fanfold-heavy-duration"]
    function = {"Name": "FunctionName", "Value": "fanfold-PageHeavyFunction-1A2B"}
    assert (duration["Dimensions"], duration["Threshold"]) == ([function], 240_000)
    assert alarms["fanfold-page-age"]["Dimensions"][0]["Value"] == "fanfold-page"
    assert "fanfold-page-dead-letters" not in alarms  # the heavy lane takes them
    assert alarms["fanfold-nat-ports-3"]["Dimensions"][0]["Value"] == "nat-3"


def test_expressions_use_the_metrics_beside_them(alarms):
    for alarm in alarms.values():
        metrics = alarm.get("Metrics", [])
        ids = {one["Id"] for one in metrics}
        shown = [one for one in metrics if one.get("ReturnData") is not False]
        assert len(shown) == (1 if metrics else 0), alarm["AlarmName"]
        for one in metrics:
            words = set(one.get("Expression", "").replace("(", " ").replace(",", " ").split())
            assert {word for word in words if word.isidentifier() and word.islower()} <= ids


def test_the_manual_says_how_many_metrics_the_alarms_cost(alarms):
    counted = sum(
        sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1
        for name, alarm in alarms.items()
        if "nat-ports" not in name
    )
    manual = (AWS.parents[1] / "docs" / "operations.md").read_text("utf-8")
    assert f"{counted} metrics in alarms" in manual


def test_the_dashboard_is_one(aws):
    client = boto3.client("cloudwatch")
    for dashboard in resources(
        "AWS::CloudWatch::Dashboard", AWS / "observability.yaml", PARAMETERS
    ):
        assert not client.put_dashboard(**dashboard).get("DashboardValidationMessages")
    body = client.get_dashboard(DashboardName="fanfold")["DashboardBody"]
    assert len(json.loads(body)["widgets"]) == 6
    assert "0.0000133334" in body
    assert "${" not in body
