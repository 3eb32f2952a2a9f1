from __future__ import annotations

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import needs
from tests.integration.layer import pages
from tests.integration.layer.room import LAYERS

SOURCE = Path(__file__).parents[3] / "layers" / "ocr"
LARGEST = 120_000_000
EVERYDAY = {"eng", "osd", "deu", "fra", "spa", "ita", "por"}


@pytest.fixture(scope="module", params=["x86_64", "arm64"])
def layer(request: pytest.FixtureRequest) -> Path:
    folder = LAYERS / request.param / "ocr"
    if not folder.exists():
        pytest.skip(f"no layer built: make layer ARCH={request.param}")
    return folder


def packages(layer: Path) -> list[str]:
    return [line.split()[0] for line in (layer / "packages").read_text().splitlines()]


def build(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [SOURCE / "build.sh"]
    environment = {**os.environ, "OUT": str(folder / "ocr"), **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_leaves_room_for_the_other_layers(layer: Path) -> None:
    assert sum(file.stat().st_size for file in layer.rglob("*") if file.is_file()) < LARGEST


def test_it_reads_the_everyday_languages(layer: Path) -> None:
    assert {file.stem for file in (layer / "tessdata").glob("*.traineddata")} >= EVERYDAY


def test_it_puts_nothing_where_the_runtime_looks_for_its_own(layer: Path) -> None:
    """Lambda has /opt/lib and /opt/bin on its search paths, so all is below /opt/ocr."""
    with ZipFile(LAYERS / f"ocr-{layer.parent.name}.zip") as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {"ocr"}


def test_it_says_under_which_licence_every_part_comes(layer: Path) -> None:
    assert all((layer / "licences" / name).stat().st_size for name in packages(layer))


def test_no_part_is_under_the_affero_licence(layer: Path) -> None:
    """poppler-data has one such file, which is left out; base-files has the licence's text."""
    licences = [(layer / "licences" / name) for name in packages(layer)]
    affero = {each.name for each in licences if "License: AGPL" in each.read_text("utf-8")}
    assert affero <= {"poppler-data"}
    assert not list(layer.rglob("Identity-UTF16-H"))


@needs.apt
def test_the_same_lock_gives_the_same_bytes(tmp_path: Path) -> None:
    archives = []
    for name in ("one", "other"):
        folder = tmp_path / name
        assert build(folder, LANGUAGES="eng").returncode == 0
        archives.append(tmp_path / f"{name}.zip")
        subprocess.run(["python3", SOURCE / "pack.py", folder, archives[-1]], check=True)
    assert archives[0].read_bytes() == archives[1].read_bytes()


def test_a_language_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    refused = build(tmp_path, LANGUAGES="eng klingon")
    assert refused.returncode == 69
    assert "no language klingon" in refused.stderr
    assert " fin fra " in refused.stderr


@needs.apt
def test_a_layer_for_this_machine_works_wherever_it_lies(tmp_path: Path) -> None:
    """Its poppler finds the CMaps though /opt/ocr is not there; so do font and language data."""
    machine = os.uname().machine.replace("aarch64", "arm64")
    assert build(tmp_path, ARCH=machine, RELOCATABLE="yes", LANGUAGES="eng").returncode == 0
    pages.write_cjk(tmp_path / "japan.pdf", "Japan1", "日本")

    def run(name: str, *arguments: str) -> str:
        command = [tmp_path / "ocr" / "bin" / name, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    run("pdftoppm", "-gray", "-r", "100", "-singlefile", "japan.pdf", "japan")
    assert "日本" in run("pdftotext", "japan.pdf", "-")
    assert run("tesseract", "--list-langs").split()[-1] == "eng"
