from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from samtranslator.yaml_helper import yaml_parse

from tests.infra import stack


def problems(template: dict[str, Any]) -> list[str]:
    config = ManualArgs(regions=["eu-central-1"])
    found = lint(json.dumps(template), config=config)
    return [f"{match.rule.id} {match.message} at {match.path}" for match in found]


def test_cloudformation_finds_nothing_to_say() -> None:
    assert problems(stack.plain()) == []


@pytest.mark.parametrize("name", stack.nested())
def test_cloudformation_finds_nothing_to_say_about_a_nested_template(name: str) -> None:
    assert problems(stack.nested()[name]) == []


@pytest.mark.parametrize("name", ["watch-function.yaml", "watch-queue.yaml"])
def test_cloudformation_finds_nothing_to_say_about_what_is_nested_twice(name: str) -> None:
    template = yaml_parse((stack.ROOT / "infra" / "aws" / name).read_text("utf-8"))
    assert problems(json.loads(json.dumps(template))) == []
    for resource in stack.nested()["Observability"]["Resources"].values():
        if str(resource["Properties"].get("TemplateURL")).endswith(name):
            given = resource["Properties"]["Parameters"].keys()
            asked = {key for key, has in template["Parameters"].items() if "Default" not in has}
            assert asked <= given <= template["Parameters"].keys()


def limits(template: dict[str, Any]) -> list[str]:
    """Return which of CloudFormation's limits a template from S3 goes beyond."""
    sizes = {
        "bytes": (len(json.dumps(template, separators=(",", ":"))), 1_000_000),
        "resources": (len(template["Resources"]), 500),
        "parameters": (len(template.get("Parameters", {})), 200),
        "outputs": (len(template.get("Outputs", {})), 200),
        "mappings": (len(template.get("Mappings", {})), 200),
        "characters of description": (len(template["Description"]), 1024),
    }
    return [f"{size} {what}" for what, (size, most) in sizes.items() if size > most]


@pytest.mark.parametrize("name", ["", *stack.nested()])
def test_a_template_keeps_to_cloudformations_limits(name: str) -> None:
    template = stack.nested()[name] if name else stack.plain()
    assert limits(template) == []


def test_a_nested_template_could_be_sent_without_a_bucket() -> None:
    for template in stack.nested().values():
        assert len(json.dumps(template, separators=(",", ":"))) <= 51_200


def test_a_template_beyond_the_limits_is_seen() -> None:
    many = {f"Queue{number}": {"Type": "AWS::SQS::Queue"} for number in range(501)}
    template = {**stack.plain(), "Resources": many, "Description": "x" * 1_000_001}
    assert [one.partition(" ")[2] for one in limits(template)] == [
        "bytes",
        "resources",
        "characters of description",
    ]


@pytest.mark.parametrize("region", stack.nested()["NetworkStack"]["Mappings"]["PrefixLists"])
def test_a_region_has_both_prefix_lists(region: str) -> None:
    lists = stack.nested()["NetworkStack"]["Mappings"]["PrefixLists"][region]
    assert lists.keys() == {"s3", "dynamodb"}
    assert all(re.fullmatch(r"pl-[0-9a-f]{8}([0-9a-f]{9})?", one) for one in lists.values())
    assert lists["s3"] != lists["dynamodb"]


def test_no_less_than_tls_1_2_can_be_chosen() -> None:
    policies = stack.nested()["Domain"]["Parameters"]["TlsPolicy"]["AllowedValues"]
    assert all(re.match(r"TLS_1_2$|SecurityPolicy_TLS13_1_[23]_", one) for one in policies)


@pytest.mark.parametrize("name", ["checkov.yaml", "cfnlint.yaml"])
def test_every_exception_stands_below_its_reason(name: str) -> None:
    lines = (stack.ROOT / "infra" / "aws" / name).read_text("utf-8").splitlines()
    exceptions = [number for number, line in enumerate(lines) if re.match(r"  - \w+$", line)]
    assert exceptions
    for number in exceptions:
        above = lines[number - 1]
        assert above.startswith("  #") or number - 1 in exceptions, lines[number]


def test_cloudformation_would_say_something_about_a_broken_template() -> None:
    broken = json.loads(json.dumps(stack.plain()))
    broken["Resources"]["PageFunction"]["Properties"]["Timeout"] = 901
    assert problems(broken)


@pytest.mark.parametrize("name", stack.nested())
def test_a_nested_template_gets_what_it_asks_for(name: str) -> None:
    given = stack.plain()["Resources"][name]["Properties"]["Parameters"]
    assert given.keys() == stack.nested()[name]["Parameters"].keys()


def test_a_nested_template_gives_what_it_is_asked_for() -> None:
    for name, output in asked(stack.plain()):
        assert output in stack.nested()[name]["Outputs"]


def asked(node: Any) -> Iterator[tuple[str, str]]:
    """Yield nested stack and output of every reference to one."""
    if isinstance(node, list):
        for item in node:
            yield from asked(item)
    elif isinstance(node, dict):
        name, _, output = ".".join(node.get("Fn::GetAtt", [])).partition(".Outputs.")
        if output:
            yield name, output
        for item in node.values():
            yield from asked(item)


def test_every_function_asks_for_its_role() -> None:
    outputs = stack.nested()["Permissions"]["Outputs"].keys()
    assert {output for name, output in asked(stack.plain()) if name == "Permissions"} == outputs
