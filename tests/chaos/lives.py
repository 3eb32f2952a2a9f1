"""Random lives of documents by the thousand, against what their owners may rely on.

    python -m tests.chaos.lives [--lives 2000] [--seed N]

Prints the seed, and the first life that breaks a rule, step by step.
"""

from __future__ import annotations

import argparse
import secrets
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos.machine import MACHINE, Lives


def main() -> None:
    """Run; end with 1 and the story of a life that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    begun = time.monotonic()
    run_state_machine_as_test(
        seed(options.seed)(Lives),
        settings=settings(
            MACHINE,
            max_examples=options.lives,
            database=None,
            phases=[Phase.generate],  # a story of forty steps is short enough
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{options.lives} lives, 0 broken; {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
