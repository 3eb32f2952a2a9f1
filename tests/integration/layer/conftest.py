from __future__ import annotations

import pytest

from tests.integration.layer import room


@pytest.fixture(scope="module", params=["x86_64", "arm64"])
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> room.Room:
    """Return a room for the layer of each architecture."""
    return room.build(request.param, tmp_path_factory.mktemp("room"))
