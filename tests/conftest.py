from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from hypothesis import settings

from tests import environment
from tests.data import tessdata
from tests.data.samples import ensure

_MAXIMUM_PROCESSES = 8

# As this module is imported: those of the folders look for tools when they are.
environment.forget()

# Tests draw the same examples each time: whoever changes something else is not the one to fail.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


def pytest_xdist_auto_num_workers() -> int:
    """Run one process more than there are cores: many tests wait for processes of their own."""
    return min(_MAXIMUM_PROCESSES, (os.cpu_count() or 1) + 1)


@pytest.fixture(scope="session", autouse=True)
def _models_are_read_once() -> Iterator[None]:
    """Let sessions of botocore share its models: moto starts one for every test.

    Each would parse megabytes of JSON, which was a quarter of the time of the contracts.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder that holds every generated sample."""
    return ensure()


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of tesseract's data that has English and no other language."""
    return tessdata.folder(tmp_path_factory.mktemp("english") / "tessdata", "eng")
