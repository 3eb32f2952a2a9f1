from __future__ import annotations

import shutil
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
from fanfold import keys
from fanfold.model import Output
from infra.machine.machine import TEXTRACT, Machine, Wish
from infra.machine.steps import Setup
from infra.rehearsal.cloud import Cloud
from infra.textract.objects import over_s3
from tests.schemas import check

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
        if output is Output.JSON:
            check(keys.RESULT_FILES[output], target.getvalue())
        return target.getvalue()

    def text(self, status: Status) -> str:
        return self.result(status, Output.TEXT).decode()


class Rehearsed:
    """The rehearsal of AWS, with a real client of its S3."""

    def __init__(self, cloud: Cloud) -> None:
        self.api_url = cloud.api_url
        self._bucket, self._buckets = cloud.bucket, cloud.buckets
        self._s3 = boto3.client(
            "s3",
            endpoint_url=cloud.aws_url,
            region_name="us-east-1",
            aws_access_key_id="anyone",
            aws_secret_access_key="anything",
        )

    def drop(self, file: Path, path: str) -> None:
        self._s3.upload_file(str(file), self._bucket, f"inbox/{path}")

    def keep(self, file: Path, bucket: str, name: str) -> None:
        """Put a file into a bucket of its own."""
        self._s3.create_bucket(Bucket=bucket)
        self._s3.upload_file(str(file), bucket, name)

    def outbox(self, folder: str) -> list[str]:
        """Return the paths of what lies in a folder of the outbox."""
        found = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=f"outbox/{folder}/")
        return sorted(item["Key"].removeprefix("outbox/") for item in found.get("Contents", ()))

    def delivered(self, path: str) -> str:
        answer = self._s3.get_object(Bucket=self._bucket, Key=f"outbox/{path}")
        return answer["Body"].read().decode()

    def objects(self) -> list[str]:
        """Return the keys of all that there is, in both buckets and in all versions."""
        told = (self._s3.list_object_versions(Bucket=bucket) for bucket in self._buckets)
        return [item["Key"] for page in told for item in page.get("Versions", ())]


class OnOneMachine:
    """The service of one machine, with its plain folders."""

    def __init__(self, machine: Machine) -> None:
        self.api_url = machine.url
        self._machine = machine

    def drop(self, file: Path, path: str) -> None:
        target = self._machine.inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)

    def keep(self, file: Path, bucket: str, name: str) -> None:
        """Put a file where Textract's callers find it as an object of a bucket."""
        target = self._machine.data / TEXTRACT / bucket / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)

    def outbox(self, folder: str) -> list[str]:
        """Return the paths of what lies in a folder of the outbox."""
        found = (self._machine.outbox / folder).glob("[!.]*")
        return sorted(str(path.relative_to(self._machine.outbox)) for path in found)

    def delivered(self, path: str) -> str:
        return (self._machine.outbox / path).read_text("utf-8")

    def objects(self) -> list[str]:
        return [str(path) for path in (self._machine.data / "objects").rglob("*")]


@pytest.fixture(scope="package", params=["machine", "rehearsal"])
def place(request, tmp_path_factory):
    """Run the service once for all tests of this folder: a process can hold only one."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "machine":
        setup = Setup(folder / "data", "eng", TOOLS.environment)
        with Machine(setup, Wish(workers=2)) as machine:
            yield OnOneMachine(machine)
        return
    with Cloud(
        TEMPLATE,
        parameters={"Languages": "eng"},
        workers=2,
        environment=TOOLS.environment,
        log=folder / "fanfold.log",
        front=over_s3,
    ) as cloud:
        yield Rehearsed(cloud)


@pytest.fixture(scope="package")
def reader(place):
    service = Service(place.api_url)
    yield Reader(service)
    service.close()
