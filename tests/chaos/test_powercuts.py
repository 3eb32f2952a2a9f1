"""A part of what `make chaos` cuts at length; where nothing is synced it is noticed."""

from __future__ import annotations

import subprocess
import sys

_CUTS = (
    "from tests.chaos.powercuts import sweep\n"
    "assert not any(sweep({cuts})), 'something was lost'\n"
    "assert any(sweep({cuts}, synced=False)), 'nothing was at stake'\n"
)


def test_the_power_may_go_at_any_write():
    # In a process without threads: this one forks.
    done = subprocess.run(
        [sys.executable, "-c", _CUTS.format(cuts=8)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
