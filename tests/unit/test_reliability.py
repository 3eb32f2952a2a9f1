"""docs/reliability.md names a proof for every failure, and each is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| (\d+) \|.*\| (.+) \|$", (ROOT / "docs" / "reliability.md").read_text("utf-8"), re.M
)
PROOFS = sorted({proof for _, cell in ROWS for proof in re.findall(r"`(\S+\.py)::(\S+)`", cell)})
WITHOUT: set[str] = set()
"""There is nothing to prove where there is no such feature."""


def test_every_failure_has_a_proof():
    assert [int(number) for number, _ in ROWS] == list(range(1, 46))
    assert {number for number, cell in ROWS if "::" not in cell} == WITHOUT


@pytest.mark.parametrize(("file", "name"), PROOFS)
def test_the_proof_is_there(file: str, name: str):
    text = (ROOT / "tests" / file).read_text("utf-8")
    assert re.search(rf"^(?:def {name}\(|{name} = )", text, re.M)
