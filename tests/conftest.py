from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.data.samples import ensure

# Tests draw the same examples each time: whoever changes something else is not the one to fail.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder that holds every generated sample."""
    return ensure()
