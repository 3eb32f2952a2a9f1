"""What somebody runs by hand has the same way to the embedded AWS as what is run for them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from infra.sam import hand, invoke
from infra.sam.flow import Call
from infra.sam.invoke import Sam

ECHO = '#!/bin/sh\nprintf "%s\\n" "$AWS_ENDPOINT_URL" "$@"\n'


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sam:
    """Give a SAM that prints the address of AWS and what it is called with."""
    program = tmp_path / "scripts" / "sam.sh"
    program.parent.mkdir()
    program.write_text(ECHO)
    program.chmod(0o755)
    monkeypatch.setattr(invoke, "ROOT", tmp_path)
    return Sam(
        template=tmp_path / "a template.yaml",
        variables={"PageFunction": {"AWS_ENDPOINT_URL": "http://aws.localhost:4566"}},
        host="http://127.0.0.1:7",
        region="us-east-1",
        options=("--docker-network", "closed one"),
        folder=tmp_path,
    )


def test_the_script_calls_sam_as_it_is_called_otherwise(sam: Sam, tmp_path: Path) -> None:
    script = hand.write(sam, tmp_path / "hand")
    given = [script, "PageFunction", "an event.json", "--debug"]
    said = subprocess.run(given, capture_output=True, text=True, check=True).stdout.splitlines()
    expected = sam.command(
        "PageFunction", Path("an event.json"), tmp_path / "hand" / "variables.json"
    )
    assert said == [sam.host, *expected[1:], "--debug"]


def test_the_functions_are_told_where_aws_is(sam: Sam, tmp_path: Path) -> None:
    hand.write(sam, tmp_path / "hand")
    assert json.loads((tmp_path / "hand" / "variables.json").read_text()) == sam.variables


def test_each_event_is_written_when_the_one_before_has_run(
    sam: Sam, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []
    monkeypatch.setattr("builtins.input", lambda _: ran.append("Enter"))

    def calls():
        for name in ("split", "page"):
            yield Call("PageFunction", name, {"ran": len(ran)}, str)

    hand.steps(sam, calls(), tmp_path / "hand")
    said = [json.loads((tmp_path / "hand" / f"{n}.json").read_text()) for n in ("split", "page")]
    assert said == [{"ran": 0}, {"ran": 1}]
    assert f"PageFunction {tmp_path}/hand/page.json" in capsys.readouterr().out
