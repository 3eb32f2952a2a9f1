from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fanfold.model import Limits, Mode
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.ports import PageRead, ReadRequest
from fanfold.settings import Engine

Read = Callable[..., PageRead]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    """One zygote for all tests that do it no harm."""
    sandbox = Sandbox(Engine(), tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def tool(sandbox) -> SandboxedTool:
    return SandboxedTool(sandbox, Engine(), Limits())


@pytest.fixture
def told(tmp_path) -> Path:
    """Where results go: stand-ins for programs may write there, and nowhere else that stays."""
    folder = tmp_path / "told"
    folder.mkdir()
    return folder


@pytest.fixture
def read(sandbox, tmp_path, told) -> Read:
    """Read a one-page PDF; ``engine`` fields as keywords."""

    def read(
        source: Path, mode: Mode = Mode.AUTO, languages: str = "eng", **engine: object
    ) -> PageRead:
        built = Engine(**engine)
        reader = SandboxedReader(sandbox, built, Tessdata(built, tmp_path / "packs"))
        result = reader.read(source, ReadRequest(1, languages, mode), told)
        assert isinstance(result, PageRead)
        kept = tmp_path / f"layer-{time.monotonic_ns()}.pdf"
        return replace(result, layer=result.layer.rename(kept)) if result.layer else result

    return read


@pytest.fixture
def stand_in(tmp_path) -> Callable[[str], str]:
    """Write a shell script that stands in for tesseract; return its path."""

    def write(body: str) -> str:
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    return write


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait for a condition and return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def number_in(path: Path) -> int:
    """Wait for a process id to be written to ``path``."""
    assert wait_until(lambda: path.exists() and path.read_text().endswith("\n"))
    return int(path.read_text())


def is_root() -> bool:
    return os.geteuid() == 0
