"""Some of the kill points at AWS calls; `make chaos` takes them all."""

from __future__ import annotations

from pathlib import Path

from tests.chaos import awscalls
from tests.chaos.processes.deployment import deployed

STORIES = ("pages of all kinds", "retried", "deleted under way")
SEED = 1
POINTS = 6


def test_a_process_may_be_killed_before_and_after_any_of_its_aws_calls(
    address: str, tmp_path: Path
):
    print(f"seed {SEED}")
    with deployed(address, tmp_path) as here:
        found = awscalls.survey(here, STORIES)
        chosen = awscalls.sample(found.points, POINTS, SEED)
        wrong = {
            point: problem
            for point in chosen
            if (problem := awscalls.strike(here, point, found.outcomes[point.story]))
        }
    print(f"{len(chosen)} of {len(found.points)} points; {found.functions()}")
    assert wrong == {}
    assert len(found.functions()) >= 7
