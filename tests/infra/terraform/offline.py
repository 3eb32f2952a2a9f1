"""Terraform on the stand-in provider: what it says of our configuration, and what it would make."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.infra.terraform import configuration, from_state, things
from tests.infra.terraform.things import Facts

ROOT = configuration.ROOT.parents[1]
_SCRIPT = ROOT / "scripts" / "terraform.sh"
REGION = "eu-central-1"


def why_not() -> str:
    """Say why Terraform cannot be run here; empty where it can."""
    if shutil.which("terraform") is None:
        return "terraform is not on PATH: install it, then make terraform"
    if not (ROOT / ".venv-terraform" / "installed.lock").exists():
        return "the stand-in for Terraform's provider is not set up: make terraform"
    return ""


def copy(folder: Path) -> Path:
    """Copy the configuration but for its backend, and fetch its modules; return where it is."""
    target = folder / "terraform"
    ignored = shutil.ignore_patterns("backend.tf", ".terraform*", "*.tfstate*")
    shutil.copytree(configuration.ROOT, target, ignore=ignored)
    must(target, "get")
    return target


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder."""
    return subprocess.run(
        [str(_SCRIPT), *arguments],
        env={**os.environ, "TERRAFORM_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def must(folder: Path, *arguments: str) -> str:
    """Run one command that has to succeed; return what it printed."""
    done = run(folder, *arguments)
    assert done.returncode == 0, f"terraform {arguments[0]}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def applied(folder: Path, variables: Mapping[str, object]) -> Any:
    """Plan into a file, apply that file, and return the state as JSON."""
    given = {"region": REGION, **variables}
    (folder / "case.auto.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
    (folder / "terraform.tfstate").unlink(missing_ok=True)
    must(folder, "plan", "-input=false", "-no-color", "-out=case.tfplan")
    must(folder, "apply", "-input=false", "-no-color", "case.tfplan")
    return json.loads(must(folder, "show", "-json"))


def facts(folder: Path, variables: Mapping[str, object]) -> Facts:
    """Return the facts of what an apply makes."""
    return things.table(from_state.things(from_state.state(applied(folder, variables))))
