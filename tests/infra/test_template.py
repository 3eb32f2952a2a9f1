from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from tests.infra import stack

LONGEST = 500  # lines; beyond that nobody reads a template from top to bottom


def problems(template: dict[str, Any]) -> list[str]:
    config = ManualArgs(regions=["eu-central-1"])
    found = lint(json.dumps(template), config=config)
    return [f"{match.rule.id} {match.message} at {match.path}" for match in found]


def test_one_can_read_the_template_from_top_to_bottom() -> None:
    assert len(stack.TEMPLATE.read_text("utf-8").splitlines()) < LONGEST


@pytest.mark.parametrize("template", [stack.plain, stack.nested])
def test_cloudformation_finds_nothing_to_say(template: Any) -> None:
    assert problems(template()) == []


def test_cloudformation_would_say_something_about_a_broken_template() -> None:
    broken = json.loads(json.dumps(stack.plain()))
    broken["Resources"]["PageFunction"]["Properties"]["Timeout"] = 901
    assert problems(broken)


def test_the_nested_template_gets_what_it_asks_for() -> None:
    given = stack.plain()["Resources"]["Permissions"]["Properties"]["Parameters"]
    assert given.keys() == stack.nested()["Parameters"].keys()


def test_the_nested_template_gives_what_it_is_asked_for() -> None:
    functions = stack.load().of("AWS::Lambda::Function")
    asked = {has["Role"]["Fn::GetAtt"][1].removeprefix("Outputs.") for _, has in functions}
    assert asked == stack.nested()["Outputs"].keys()
