"""schemathesis plays against the running service, by the description that it hands out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fanfold.access import Scope
from tests.integration.access.conftest import Place

_EXAMPLES = 10
"""How many requests are made up for each operation, besides those for each bound that it names."""
_EXCLUDED = "positive_data_acceptance"
"""Not all that makes a request right can be said in OpenAPI: page ranges, or that options go into
the query or into JSON, not both."""


@pytest.mark.parametrize("place", ["machine", "rehearsal"], indirect=True)
def test_it_answers_what_it_describes_and_never_with_5xx(place: Place, tmp_path: Path):
    text, _ = place.tokens.create("schemathesis", "", tuple(Scope))
    command = [
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
        *("run", f"{place.url}/openapi.json", "--header", f"Authorization: Bearer {text}"),
        *("--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--seed", "1"),
        *("--max-examples", str(_EXAMPLES), "--exclude-checks", _EXCLUDED, "--no-color"),
    ]
    quiet = {**os.environ, "HTTP_PROXY": "", "HTTPS_PROXY": "", "NO_PROXY": "*"}
    played = subprocess.run(
        command, cwd=tmp_path, env=quiet, capture_output=True, text=True, timeout=500, check=False
    )
    assert played.returncode == 0, played.stdout[-8_000:] + played.stderr[-2_000:]
