from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.rehearsal.clients import Clients
from infra.rehearsal.cloud import Cloud
from infra.template.names import Place

MINI = Path(__file__).with_name("mini.yaml")


class Journal:
    """What the functions wrote down."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def wait(self, count: int = 1, seconds: float = 60) -> list[dict[str, Any]]:
        return until(lambda: found if len(found := self.entries()) >= count else None, seconds)


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait for something that is not None or False."""
    deadline = time.monotonic() + seconds
    while not (thing := found()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return thing


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


@pytest.fixture
def start(tmp_path: Path, journal: Journal) -> Iterator[Callable[..., Cloud]]:
    """Start the mini stack with parameters, once in a test; it is stopped at the end."""
    clouds: list[Cloud] = []

    def start(template: Path = MINI, workers: int = 1, **parameters: str) -> Cloud:
        parameters = {"Journal": str(journal.path)} | parameters
        log = tmp_path / "cloud.log"
        cloud = Cloud(template, parameters, workers=workers, log=log)
        clouds.append(cloud)
        return cloud.__enter__()

    yield start
    for cloud in clouds:
        cloud.stop()


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The mini stack as it is, for all tests of a module."""
    folder = tmp_path_factory.mktemp("mini")
    parameters = {"Journal": str(folder / "journal.jsonl")}
    with Cloud(MINI, parameters, workers=1, log=folder / "cloud.log") as cloud:
        yield cloud


class Aws:
    """Clients of a running cloud."""

    def __init__(self, cloud: Cloud) -> None:
        clients = Clients(Place(cloud.aws_url))
        self.s3, self.sqs, self.dynamodb = clients.s3(), clients.sqs(), clients.dynamodb()

    def url(self, queue: str) -> str:
        return self.sqs.get_queue_url(QueueName=f"fanfold-{queue}")["QueueUrl"]

    def send(self, body: str, queue: str = "Queue", **more: Any) -> None:
        self.sqs.send_message(QueueUrl=self.url(queue), MessageBody=body, **more)

    def receive(self, queue: str, seconds: int = 10) -> list[Any]:
        return self.sqs.receive_message(
            QueueUrl=self.url(queue),
            WaitTimeSeconds=seconds,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])

    def left(self, queue: str = "Queue") -> int:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        url = self.url(queue)
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
        return sum(int(found["Attributes"][name]) for name in names)


@pytest.fixture
def aws() -> Callable[[Cloud], Aws]:
    return Aws
