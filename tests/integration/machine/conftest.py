"""Services of one machine, each a process of its own: as people run it, and so that it may die."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

SECONDS = 120


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Return what ``condition`` returns as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.05)
    return found


class Service:
    """`fanfold up` over a data folder."""

    def __init__(
        self, data: Path, *arguments: str, fanfold: tuple[str, ...] = (sys.executable, "-m", "cli")
    ) -> None:
        self.data, self.inbox, self.outbox = data, data / "inbox", data / "outbox"
        command = (*fanfold, "up", "--port", "0", "--workers", "2")
        self.process = subprocess.Popen(
            [*command, "--data", str(data), *arguments], stdout=subprocess.PIPE, text=True
        )
        said = self.process.stdout
        assert said
        self.url = until(lambda: re.search(r"API +(http\S+)", said.readline()))[1]
        self.client = httpx.Client(base_url=self.url, timeout=60)

    def send(self, file: Path, **options: str) -> str:
        answer = self.client.post(
            "/v1/documents", params={"name": file.name, **options}, content=file.read_bytes(),
            headers={"Content-Type": "application/pdf"},
        )  # fmt: skip
        assert answer.status_code in (200, 202), answer.text
        return str(answer.json()["id"])

    def status(self, document: str) -> dict[str, Any]:
        return dict(self.client.get(f"/v1/documents/{document}").json())

    def ended(self, document: str) -> dict[str, Any]:
        live = ("UPLOADING", "QUEUED", "PROCESSING", "ASSEMBLING")
        return until(lambda: (s := self.status(document))["state"] not in live and s)

    def text(self, document: str) -> str:
        path = f"/v1/documents/{document}/result"
        return self.client.get(path, params={"format": "txt"}, follow_redirects=True).text

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self._end()

    def _end(self) -> None:
        self.process.communicate(timeout=60)
        self.client.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start a service over the test's data folder; again, as often as it is called."""
    started: list[Service] = []

    def run(*arguments: str) -> Service:
        started.append(Service(tmp_path / "data", *arguments))
        return started[-1]

    yield run
    for service in started:
        service.stop()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for the tests that neither kill nor stop it."""
    one = Service(tmp_path_factory.mktemp("service") / "data")
    yield one
    one.stop()


def told(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text()))
