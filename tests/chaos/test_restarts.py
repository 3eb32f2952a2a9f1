"""A part of what `make chaos` sweeps at length."""

from __future__ import annotations

import subprocess
import sys

_SWEEP = (
    "from tests.chaos.restarts import sweep\n"
    "wrong = [(name, why) for name, why in sweep(every=9) if why]\n"
    "assert not wrong, wrong\n"
)


def test_a_machine_may_die_at_any_call_and_goes_on():
    # In a process without threads: this one forks.
    done = subprocess.run(
        [sys.executable, "-c", _SWEEP], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
