from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.samples import ensure


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder that holds every generated sample."""
    return ensure()
