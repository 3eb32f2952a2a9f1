"""What was not looked up is said, whatever the tool thinks of that."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from infra.supply import vulnerabilities

LOOKED = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
BROKEN = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}


@pytest.fixture
def answer(tmp_path: Path, capsys):
    """Run the command with a tool that answers so, and return its exit code and its lines."""

    def ask(text: str, code: int = 0) -> tuple[int, list[str]]:
        tool, lock = tmp_path / "tool", tmp_path / "lock"
        tool.write_text(f"#!{sys.executable}\nimport sys\nprint({text!r})\nsys.exit({code})\n")
        tool.chmod(0o755)
        lock.write_text("a==1 \\\n    --hash=sha256:1\nb==2 \\\n    --hash=sha256:2\n")
        ended = vulnerabilities.main([str(tool), str(lock)])
        return ended, capsys.readouterr().out.splitlines()

    return ask


def test_nothing_known_of_what_was_looked_up_is_well(answer):
    ended, lines = answer(json.dumps({"dependencies": [LOOKED]}))
    assert ended == 0
    assert lines[-1].endswith("1 packages looked up, 0 known to be vulnerable")


def test_what_the_tool_skips_is_said_though_it_ends_well(answer):
    ended, lines = answer(json.dumps({"dependencies": [LOOKED, SKIPPED]}))
    assert ended == 0
    assert "1 packages were not looked up: not found" in lines[-2]
    assert lines[-1] == "NOT SCANNED: 1 of 2 packages."


def test_where_nobody_can_be_asked_all_are_told(answer):
    ended, lines = answer("no data", code=1)
    assert ended == 0
    assert lines[-1] == "NOT SCANNED: 2 of 2 packages."


def test_what_is_known_fails_and_says_what_mends_it(answer):
    ended, lines = answer(json.dumps({"dependencies": [LOOKED, BROKEN]}), code=1)
    assert ended == 1
    assert lines[-1].strip() == "c 2: CVE-1, mended by 3"
