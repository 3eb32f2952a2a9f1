"""The built wheel: installed somewhere else, it reads documents there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from infra import ROOT
from tests.data.samples import SAMPLES
from tests.e2e.accuracy import recall
from tests.integration.machine.conftest import Service

PARTS = (
    "LICENSE", "README.md", "cli", "client", "functions", "infra", "layers", "pyproject.toml",
    "requirements", "template.yaml",
)  # fmt: skip
"""What of the repository a wheel is built from."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PARTS:
        part = ROOT / name
        copy = shutil.copytree if part.is_dir() else shutil.copy
        copy(part, source / name)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    options = ("--no-deps", "--no-build-isolation", "--no-index")
    subprocess.run([*pip, "wheel", *options, "-w", target, source], check=True)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Unpack it as an installer does, into a folder that comes before our own."""
    folder = tmp_path_factory.mktemp("site-packages")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", folder, wheel], check=True
    )
    return folder


@pytest.fixture
def elsewhere(installed, monkeypatch, tmp_path):
    """Work in an empty folder, with the installed package alone."""
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.chdir(tmp_path)
    where = (sys.executable, "-c", "import fanfold; print(fanfold.__file__)")
    assert subprocess.run(where, capture_output=True, text=True, check=True).stdout.startswith(
        str(installed)
    )
    return str(installed / "bin" / "fanfold")


def test_it_has_no_common_names_at_the_top(wheel):
    names = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"fanfold"}


def test_it_has_every_module_that_is_not_for_operators(wheel):
    names = set(ZipFile(wheel).namelist())
    for part in ("cli", "client", "functions", "infra/http", "infra/machine", "infra/template"):
        for path in (ROOT / part).rglob("*.py"):
            assert f"fanfold/house/{path.relative_to(ROOT)}" in names
    package = ROOT / "layers" / "core"
    for path in (package / "fanfold").rglob("*.py"):
        assert str(path.relative_to(package)) in names


def test_it_reads_a_file(elsewhere, samples):
    command = [elsewhere, "extract", samples / "native.pdf", "--no-service"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert recall(SAMPLES["native.pdf"].words, run.stdout) == 1


def test_it_serves_the_api_the_page_and_a_folder(elsewhere, samples, tmp_path):
    service = Service(tmp_path / "data", fanfold=(elsewhere,))
    try:
        assert "Fanfold" in httpx.get(f"{service.url}/").text
        assert service.ended(service.send(samples / "scan.pdf"))["state"] == "SUCCEEDED"
    finally:
        service.stop()
