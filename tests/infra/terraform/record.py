"""Write down what Terraform makes in each case: python -m tests.infra.terraform.record.

facts.json lets the templates be compared with Terraform where there is no Terraform.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.infra.terraform import offline
from tests.infra.terraform.cases import CASES
from tests.infra.terraform.things import Facts

FACTS = Path(__file__).with_name("facts.json")


def main() -> None:
    """Apply every case and write the facts."""
    if reason := offline.why_not():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as scratch:
        folder = offline.copy(Path(scratch))
        found = {name: offline.facts(folder, case.variables) for name, case in CASES.items()}
    FACTS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def recorded() -> Mapping[str, Facts]:
    """Return the facts that were written down."""
    found: Mapping[str, Facts] = json.loads(FACTS.read_text("utf-8"))
    return found


if __name__ == "__main__":
    main()
