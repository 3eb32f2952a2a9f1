from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.data import tessdata
from tests.data.samples import ensure

# Tests draw the same examples each time: whoever changes something else is not the one to fail.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder that holds every generated sample."""
    return ensure()


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of tesseract's data that has English and no other language."""
    return tessdata.folder(tmp_path_factory.mktemp("english") / "tessdata", "eng")
