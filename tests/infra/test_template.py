from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from samtranslator.yaml_helper import yaml_parse

from tests.infra import stack

# CloudFormation quotas: bytes from S3, and numbers
LARGEST, MOST_RESOURCES, MOST_PARAMETERS = 1_000_000, 500, 200
LONGEST = 500  # lines; beyond that nobody reads a template from top to bottom


def problems(template: dict[str, Any]) -> list[str]:
    config = ManualArgs(regions=["eu-central-1"])
    found = lint(json.dumps(template), config=config)
    return [f"{match.rule.id} {match.message} at {match.path}" for match in found]


def test_one_can_read_the_template_from_top_to_bottom() -> None:
    assert len(stack.TEMPLATE.read_text("utf-8").splitlines()) < LONGEST


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


@pytest.mark.parametrize("template", [stack.plain, *stack.nested().values()])
def test_a_template_is_one_that_cloudformation_takes(template: Any) -> None:
    body = template() if callable(template) else template
    assert len(json.dumps(body)) < LARGEST
    assert len(body["Resources"]) <= MOST_RESOURCES
    assert len(body.get("Parameters", {})) <= MOST_PARAMETERS


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
