"""The stages of samconfig.toml name parameters and values that the template has."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.infra.stack import ROOT, plain

STAGES = {
    name: stage
    for name, stage in tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8")).items()
    if isinstance(stage, dict)
}


def deploy(stage: str) -> dict[str, Any]:
    return dict(STAGES[stage]["deploy"]["parameters"])


def test_there_is_one_of_ones_own_one_to_try_and_one_to_rely_on() -> None:
    assert STAGES.keys() == {"default", "staging", "prod"}
    names = {STAGES[stage]["global"]["parameters"]["stack_name"] for stage in STAGES}
    assert len(names) == len(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_sets_what_the_template_takes(stage: str) -> None:
    declared = plain()["Parameters"]
    for pair in deploy(stage).get("parameter_overrides", "").split():
        name, _, value = pair.partition("=")
        allowed = [str(one) for one in declared[name].get("AllowedValues", [value])]
        assert value in allowed


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_may_make_roles_and_nested_stacks_and_is_tagged(stage: str) -> None:
    assert deploy(stage)["capabilities"] == "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"
    wanted = {"application=fanfold", f"stage={stage}"}
    assert wanted <= set(deploy(stage)["tags"].split())


@pytest.mark.parametrize("stage", ["staging", "prod"])
def test_what_others_rely_on_is_watched_and_moves_by_degrees(stage: str) -> None:
    overrides = deploy(stage).get("parameter_overrides", "")
    assert "Monitoring=none" not in overrides
    assert "Release=AllAtOnce" not in overrides
