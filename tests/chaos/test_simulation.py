"""A short run of what `make chaos` runs at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanfold.model import State
from tests.chaos import invariants, stories

DOCUMENTS = 12


@pytest.mark.parametrize("seed", range(4))
def test_every_document_ends_exact_by_redelivery_alone(seed: int, tmp_path: Path):
    print(f"seed {seed}")
    simulation = stories.patient(seed, tmp_path, DOCUMENTS)
    assert invariants.check(simulation) == {State.SUCCEEDED: DOCUMENTS}
    assert simulation.fate.crashes > 0


@pytest.mark.parametrize("seed", range(100, 106))
def test_whatever_owners_do_every_document_ends_and_says_how(seed: int, tmp_path: Path):
    print(f"seed {seed}")
    simulation = stories.busy(seed, tmp_path, DOCUMENTS)
    assert sum(invariants.check(simulation).values()) == DOCUMENTS


@pytest.mark.parametrize("seed", range(200, 203))
def test_pages_that_are_read_anew_are_never_those_of_an_older_run(seed: int, tmp_path: Path):
    print(f"seed {seed}")
    simulation = stories.impatient(seed, tmp_path, DOCUMENTS)
    assert sum(invariants.check(simulation).values()) == DOCUMENTS


@pytest.mark.parametrize("seed", range(300, 303))
def test_no_page_fails_where_nobody_died_however_slow_and_often_it_is_read(
    seed: int, tmp_path: Path
):
    print(f"seed {seed}")
    simulation = stories.crowded(seed, tmp_path, DOCUMENTS)
    assert invariants.check(simulation) == {State.SUCCEEDED: DOCUMENTS}


def test_pages_that_kill_their_workers_fail_alone_and_with_that_reason(tmp_path: Path):
    simulation = stories.deadly(400, tmp_path, DOCUMENTS)
    assert invariants.check(simulation) == {State.PARTIAL: DOCUMENTS}
    invariants.the_killers_alone_failed(simulation)


def test_the_same_seed_is_the_same_story(tmp_path: Path):
    first, second = (stories.busy(7, tmp_path / name, 4) for name in "ab")
    assert first.store.metas == second.store.metas
    assert first.crew.calls == second.crew.calls
