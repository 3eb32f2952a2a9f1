"""Every curl line of the documentation does as it stands there, on one machine and rehearsed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from fanfold.model import State
from tests.data.samples import SAMPLES
from tests.e2e.accuracy import recall

ROOT = Path(__file__).parents[2]
HERE = "http://127.0.0.1:8080"
TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def lines() -> list[str]:
    """Return the lines that begin with curl, in the blocks of all texts, each once."""
    found: list[str] = []
    for path in TEXTS:
        for block in re.findall(r"^```\w*\n(.*?)^```", path.read_text("utf-8"), re.M | re.S):
            whole = block.replace("\\\n", " ")
            found += [line.strip() for line in whole.splitlines() if line.startswith("curl ")]
    assert len(found) >= 7
    # Recipes are run whole by a test of their own.
    return [line for line in dict.fromkeys(found) if "$id" not in line]


@pytest.fixture(scope="module")
def known(place, reader, samples, tmp_path_factory):
    """Give an ended document, a token, and a folder with the file that is sent."""
    folder = tmp_path_factory.mktemp("curl")
    shutil.copy(samples / "native.pdf", folder / "scan.pdf")
    status = reader.read(folder / "scan.pdf")
    assert status.state is State.SUCCEEDED
    made = httpx.post(f"{place.api_url}/v1/tokens", json={"scopes": ["read", "write"]}).json()
    return status.id, made["token"], folder


@pytest.mark.parametrize("line", lines())
def test_a_curl_line_of_the_documentation_works(line, place, known):
    document, token, folder = known
    command = line.replace(HERE, place.api_url).replace("/ID", f"/{document}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.replace("curl ", "curl --fail -sS ", 1)],
        cwd=folder,
        env={**os.environ, "API_URL": place.api_url, "FANFOLD_TOKEN": token, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if "format=txt" in line:
        assert recall(SAMPLES["native.pdf"].words, done.stdout) >= 0.95
    else:
        assert '"id"' in done.stdout
