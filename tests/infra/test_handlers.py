"""Every handler starts as Lambda would start it: its own environment, its own layers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.stack import ROOT, load

START = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"{name} is in none of this function's layers")

ABSENT = set(sys.argv[2].split(",")) - {""}
sys.meta_path.insert(0, Absent())
module, _, function = sys.argv[1].rpartition(".")
assert callable(getattr(importlib.import_module(module), function))
"""
MODULES = {"pillow": "PIL"}
"""Packages whose module is called otherwise."""

STACK = load()
NAMES = {"Bucket": "bucket", "DerivedBucket": "derived", "Table": "table"} | {
    queue: f"https://sqs.eu-central-1.amazonaws.com/123456789012/{queue}"
    for queue, _ in STACK.of("AWS::SQS::Queue")
}
FUNCTIONS = [name for name, _ in STACK.of("AWS::Lambda::Function")]


def modules(layer: str) -> set[str]:
    text = (ROOT / "layers" / layer / "requirements.lock").read_text("utf-8")
    packages = re.findall(r"^([\w-]+)==", text, re.MULTILINE)
    return {MODULES.get(package, package.replace("-", "_")) for package in packages}


def absent(function: str) -> set[str]:
    layers = [str(layer.get("Ref", "")) for layer in STACK.properties(function)["Layers"]]
    if any(one.startswith("ImagingLayer") for one in layers):
        return set()
    return modules("imaging") - modules("core")


def environment(function: str, workspace: Path) -> dict[str, str]:
    return {
        **STACK.environment(function, NAMES),
        "FANFOLD_WORKSPACE": str(workspace),
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(STACK.properties(function)["MemorySize"]),
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
    }


def start(function: str, workspace: Path, without: set[str]) -> subprocess.CompletedProcess[str]:
    handler = STACK.properties(function)["Handler"]
    return subprocess.run(
        [sys.executable, "-c", START, handler, ",".join(sorted(without))],
        env=environment(function, workspace),
        cwd=workspace,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_handler_starts_with_what_the_template_gives_it(function: str, tmp_path: Path) -> None:
    started = start(function, tmp_path, absent(function))
    assert started.returncode == 0, started.stderr


def test_a_handler_whose_layer_lacks_a_package_does_not_start(tmp_path: Path) -> None:
    started = start("LostFunction", tmp_path, {"boto3"})
    assert "is in none of this function's layers" in started.stderr
