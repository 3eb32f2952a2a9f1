from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli import tools
from client.answers import Status
from client.service import Service
from fanfold.model import Output
from infra.rehearsal.cloud import Cloud

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
TOOLS = tools.find()
SECONDS = 120


def wait_for(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Return what ``condition`` returns as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.05)
    return found


class Reader:
    """Hands documents in and waits for their ends."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def submit(self, path: Path, **options: Any) -> str:
        return self.service.submit(path, options)

    def wait(self, document: str, seconds: float = SECONDS) -> Status:
        return wait_for(lambda: self.ended(document), seconds)

    def ended(self, document: str) -> Status | None:
        status = self.service.status(document)
        return None if status.state.live else status

    def read(self, path: Path, **options: Any) -> Status:
        return self.wait(self.submit(path, **options))

    def result(self, status: Status, output: Output) -> bytes:
        target = BytesIO()
        self.service.fetch(status.id, output, target)
        return target.getvalue()

    def text(self, status: Status) -> str:
        return self.result(status, Output.TEXT).decode()


@pytest.fixture(scope="package")
def cloud(tmp_path_factory):
    """Run one embedded cloud for all tests of this folder: a process can hold only one."""
    log = tmp_path_factory.mktemp("cloud") / "fanfold.log"
    with Cloud(
        TEMPLATE,
        parameters={"Languages": "eng"},
        workers=2,
        api_port=0,
        aws_port=0,
        environment=TOOLS.environment,
        log=log,
    ) as running:
        yield running


@pytest.fixture(scope="package")
def reader(cloud):
    service = Service(cloud.api_url)
    yield Reader(service)
    service.close()


@pytest.fixture
def s3(cloud):
    """Give a real client of the embedded S3."""
    return boto3.client(
        "s3",
        endpoint_url=cloud.aws_url,
        region_name="us-east-1",
        aws_access_key_id="anyone",
        aws_secret_access_key="anything",
    )
