"""The stages of samconfig.toml name parameters and values that the template has."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import yaml

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


def test_a_stack_of_ones_own_is_what_the_manual_says() -> None:
    """The guided deployment offers what stands here before what the template says."""
    assert "parameter_overrides" not in deploy("default")


WORKFLOW = ROOT / "infra" / "pipeline" / "workflow.example.yaml"
SCRIPT = WORKFLOW.with_name("release.sh")


def test_the_example_of_a_pipeline_calls_what_there_is() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    runs = [step["run"].split() for job in jobs.values() for step in job["steps"] if "run" in step]
    assert all((ROOT / program).is_file() for program, *_ in runs)
    called = {words[1] for words in runs if words[0] == "infra/pipeline/release.sh"}
    assert called == {"package", "deploy", "smoke"}
    assert all(f"\n{name}) " in SCRIPT.read_text("utf-8") for name in called)


def test_what_was_tried_in_staging_is_what_goes_to_prod() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    assert [jobs[name].get("needs") for name in ("staging", "prod")] == ["package", "staging"]
    assert jobs["staging"]["steps"] == jobs["prod"]["steps"]
