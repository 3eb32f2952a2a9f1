"""What `sam build` puts into a function's package, without SAM and without a network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.infra.stack import ROOT, Stack, load

STACK: Stack = load()
FUNCTIONS = [name for name, _ in STACK.of("AWS::Lambda::Function")]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_holds_its_own_step_where_the_handler_is_sought(
    function: str, tmp_path: Path
) -> None:
    subprocess.run(
        ["make", "--silent", "-C", str(ROOT / "functions"), f"build-{function}"],
        env={**os.environ, "ARTIFACTS_DIR": str(tmp_path)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    module = str(STACK.properties(function)["Handler"]).rpartition(".")[0]
    assert (tmp_path / module.replace(".", "/")).with_suffix(".py").is_file()
    assert [path.name for path in (tmp_path / "functions").iterdir() if path.is_dir()] == [
        module.split(".")[1]
    ]


@pytest.mark.parametrize("layer", ["core", "imaging", "jwt", "neural", "tesserocr"])
def test_a_layer_can_be_built_under_the_name_that_the_template_gives_it(layer: str) -> None:
    dry = subprocess.run(
        ["make", "--dry-run", "-C", str(ROOT / "layers" / layer), f"build-{layer.title()}Layer"],
        env={**os.environ, "ARTIFACTS_DIR": "/nowhere", "ARCHITECTURE": "arm64"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "--platform manylinux2014_aarch64" in dry.stdout
    assert "--require-hashes" in dry.stdout
