"""What publishes a version: SAM names a version after what goes into it."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from tests.infra.stack import ROOT, TEMPLATE

CODE = "s3://artifacts/"
PLACES = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


def translated(
    parameters: dict[str, str] | None = None, changed: str = "", to: str = CODE + "new"
) -> dict[str, Any]:
    """Return the stack as SAM hands it on, with one resource's code (or a setting) changed."""
    template: Any = copy.deepcopy(yaml_parse(TEMPLATE.read_text("utf-8")))
    del template["Globals"]["Function"]["CodeUri"]
    resources = template["Resources"]
    for name, resource in resources.items():
        place = PLACES.get(resource["Type"])
        if place:
            resource["Properties"][place] = to if name == changed else CODE + name
    if changed == "MemorySize":
        resources["PageFunction"]["Properties"]["MemorySize"] = 512
    session = boto3.Session(region_name="eu-central-1")
    plain = Translator({}, Parser(), boto_session=session).translate(template, parameters or {})
    return dict(plain)


def versions(changed: str = "", plain: dict[str, Any] | None = None) -> dict[str, str]:
    """Return the version of every function."""
    return {
        resource["Properties"]["FunctionName"]["Ref"]: name
        for name, resource in (plain or translated(changed=changed))["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Version"
    }


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    return versions()


def published(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {function for function, version in after.items() if before[function] != version}


def test_nothing_is_published_where_nothing_changed(before: dict[str, str]) -> None:
    assert published(before, versions()) == set()


def test_new_code_publishes_its_function_alone(before: dict[str, str]) -> None:
    assert published(before, versions("PageFunction")) == {"PageFunction"}


def test_a_new_layer_alone_publishes_nothing(before: dict[str, str]) -> None:
    """The hash that SAM makes knows layers by logical id only; see functions/Makefile."""
    assert published(before, versions("OcrLayer")) == set()


def test_a_new_setting_publishes_its_function(before: dict[str, str]) -> None:
    assert published(before, versions("MemorySize")) == {"PageFunction"}


STEPS = ("ApiFunction", "IntakeFunction", "PageFunction", "PageHeavyFunction")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what functions and layers are built from."""
    for folder in ("functions", "layers"):
        shutil.copytree(
            ROOT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"),
        )
    return tmp_path


def fingerprints(checkout: Path, **environment: str) -> dict[str, bytes]:
    """Build functions and return what each knows of its layers."""
    found = {}
    for function in STEPS:
        target = checkout / "built" / function
        subprocess.run(
            ["make", "--silent", "-C", str(checkout / "functions"), f"build-{function}"],
            env={**os.environ, **environment, "ARTIFACTS_DIR": str(target)},
            check=True,
            capture_output=True,
            timeout=60,
        )
        found[function] = (target / "functions" / "layers.sha256").read_bytes()
    return found


def changed(checkout: Path, path: str) -> set[str]:
    before = fingerprints(checkout)
    file = checkout / "layers" / path
    file.write_bytes(file.read_bytes() + b"\n")
    after = fingerprints(checkout)
    return {function for function in STEPS if before[function] != after[function]}


def test_the_same_layers_leave_a_function_as_it_was(checkout: Path) -> None:
    assert fingerprints(checkout) == fingerprints(checkout)


@pytest.mark.parametrize(
    ("path", "functions"),
    [
        ("core/fanfold/model.py", set(STEPS)),
        ("core/requirements.lock", set(STEPS)),
        ("pip.mk", set(STEPS)),
        ("imaging/requirements.lock", set(STEPS) - {"ApiFunction"}),
        ("ocr/packages.arm64.lock", {"PageFunction", "PageHeavyFunction"}),
    ],
)
def test_a_new_layer_makes_new_code_of_the_functions_that_have_it(
    checkout: Path, path: str, functions: set[str]
) -> None:
    assert changed(checkout, path) == functions


def test_another_architecture_is_another_package(checkout: Path) -> None:
    here = fingerprints(checkout, ARCHITECTURE="x86_64")
    there = fingerprints(checkout, ARCHITECTURE="arm64")
    assert all(here[function] != there[function] for function in STEPS)


def test_other_languages_in_the_layer_are_another_layer(checkout: Path) -> None:
    assert fingerprints(checkout) != fingerprints(checkout, LANGUAGES="eng+pol")
