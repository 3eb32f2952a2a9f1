"""Where scripts/sam.sh has the guided deployment keep its answers; SAM is a stand-in here."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.infra.stack import ROOT

SAM = """#!/bin/sh
printf '%s\\n' "$@"
"""
TAKEN = "requirements/sam.lock", "samconfig.toml", "scripts/sam.sh"


@pytest.fixture
def checkout(tmp_path):
    for path in TAKEN:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    program = tmp_path / ".venv-sam" / "bin" / "sam"
    program.parent.mkdir(parents=True)
    program.write_text(SAM)
    program.chmod(0o755)
    shutil.copy(tmp_path / TAKEN[0], tmp_path / ".venv-sam" / "installed.lock")
    return tmp_path


def sam(checkout, *arguments):
    """Return the arguments that SAM gets."""
    done = subprocess.run(
        [str(checkout / "scripts" / "sam.sh"), *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.splitlines()


def answers(checkout):
    return checkout / "samconfig.local.toml"


@pytest.mark.parametrize("guided", ["--guided", "-g"])
def test_answers_go_into_a_file_that_nobody_commits(checkout, guided):
    told = sam(checkout, "deploy", guided)
    assert told == ["deploy", "--config-file", str(answers(checkout)), guided]
    assert answers(checkout).read_text() == (checkout / "samconfig.toml").read_text()
    assert answers(checkout).name in (ROOT / ".gitignore").read_text("utf-8").split()


def test_answers_are_kept_and_taken_from_there(checkout):
    answers(checkout).write_text("version = 0.1")
    assert sam(checkout, "deploy", "--guided")[1:3] == ["--config-file", str(answers(checkout))]
    assert sam(checkout, "deploy")[1:3] == ["--config-file", str(answers(checkout))]
    assert answers(checkout).read_text() == "version = 0.1"


def test_without_answers_the_stages_of_the_project_are_taken(checkout):
    assert sam(checkout, "deploy", "--config-env", "staging") == [
        "deploy",
        "--config-env",
        "staging",
    ]
    assert not answers(checkout).exists()


def test_a_release_names_its_own_file(checkout):
    answers(checkout).write_text("version = 0.1")
    asked = ["deploy", "--config-file", "other.toml", "--guided"]
    assert sam(checkout, *asked) == asked
