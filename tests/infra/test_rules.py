"""Every rule holds, and every rule can fail."""

from __future__ import annotations

import inspect

import pytest

from tests.infra import (
    rules_api,
    rules_domain,
    rules_functions,
    rules_network,
    rules_observability,
    rules_permissions,
    rules_queues,
    rules_releases,
    rules_storage,
)
from tests.infra.stack import Broken, Rule, Stack, load

MODULES = [
    rules_storage,
    rules_queues,
    rules_functions,
    rules_permissions,
    rules_api,
    rules_observability,
    rules_releases,
    rules_network,
    rules_domain,
]
RULES: list[Rule] = [
    thing
    for module in MODULES
    for name, thing in inspect.getmembers(module, inspect.isfunction)
    if thing.__module__ == module.__name__ and not name.startswith("_")
]
BROKEN: list[Broken] = [case for module in MODULES for case in module.BROKEN]


def name(value: object) -> str:
    return value.__name__ if inspect.isfunction(value) else str(value)


@pytest.fixture(scope="session")
def stack() -> Stack:
    return load()


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_the_template_keeps_the_rule(rule: Rule, stack: Stack) -> None:
    assert list(rule(stack)) == []


@pytest.mark.parametrize(("rule", "path", "value"), BROKEN, ids=name)
def test_the_rule_sees_when_it_is_broken(
    rule: Rule, path: str, value: object, stack: Stack
) -> None:
    assert list(rule(stack.changed(path, value)))


def test_every_rule_is_seen_to_fail() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_there_are_as_many_rules_as_there_were() -> None:
    assert len(RULES) >= 113
