"""The stack's functions on moto, each in its own environment, with what they ask AWS for."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from fanfold import bootstrap
from tests.aws import create_table
from tests.infra.stack import ROOT, Stack, load
from tests.integration.permissions.calls import (
    BUCKET,
    DERIVED_BUCKET,
    REGION,
    STACK_NAME,
    TABLE,
    Need,
    needs,
)

_PLACES = ("FANFOLD_TESSERACT", "FANFOLD_POPPLER", "FANFOLD_TESSDATA", "FANFOLD_LIBTESSERACT")
ENGINE_HERE = dict.fromkeys(_PLACES, "")
"""The template's places are the layer's; here the programs are on PATH."""
STEP_QUEUES = ("Intake", "Split", "Page", "Heavy", "Assemble", "Notify")


class Context:
    """What Lambda tells a handler about itself."""

    function_name = "function"
    memory_limit_in_mb = 512
    invoked_function_arn = f"arn:aws:lambda:{REGION}:123456789012:function:function"
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@dataclass
class Household:
    """Invokes functions by logical id and remembers what each asked for."""

    stack: Stack
    names: dict[str, str]
    patch: pytest.MonkeyPatch
    workspace: Path
    asked: dict[str, set[Need]] = field(default_factory=lambda: defaultdict(set))
    _busy: str = ""
    _running: tuple[str, dict[str, str]] = ("", {})

    def call(self, function: str, event: dict[str, Any], **more: str) -> Any:
        """Invoke a function with an event; ``more`` overrides its environment."""
        if self._running != (function, more):
            self._start(function, more)
        module = self.stack.properties(function)["Handler"].rpartition(".")[0]
        self._busy = function
        try:
            return importlib.import_module(module).handler(event, Context())
        finally:
            self._busy = ""

    def _start(self, function: str, more: dict[str, str]) -> None:
        forget()
        for name in [name for name in os.environ if name.startswith("FANFOLD_")]:
            self.patch.delenv(name)
        own = self.stack.environment(function, self.names)
        here = {
            **ENGINE_HERE,
            "FANFOLD_ORIGINALS": "move",
            "FANFOLD_WORKSPACE": str(self.workspace),
        }
        for name, value in {**own, **here, **more}.items():
            self.patch.setenv(name, value)
        self._running = (function, more)

    def deliver(self, function: str, sample: str, *bodies: str, **more: str) -> None:
        """Invoke a function with the records of a sample event, carrying these bodies."""
        assert bodies, f"nothing to deliver to {function}"
        event = sample_event(sample)
        record = event["Records"][0]
        event["Records"] = [{**record, "body": body} for body in bodies]
        assert self.call(function, event, **more) == {"batchItemFailures": []}

    def take(self, queue: str) -> list[str]:
        """Take all bodies out of a queue."""
        sqs, url, bodies = boto3.client("sqs"), self.names[queue], []
        while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in got]
        return bodies

    def arrive(self, key: str, path: Path) -> str:
        """Put a file into the bucket; return the body that EventBridge would queue."""
        data = path.read_bytes()
        put = boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=data)
        return arrival(key, put["VersionId"], len(data))

    def remember(self, params: dict[str, Any], model: Any, **_: object) -> None:
        """Note what the busy function asks for, when the SDK is about to call AWS."""
        if self._busy:
            service = model.service_model.service_name
            self.asked[self._busy] |= set(needs(service, model.name, params))


def arrival(key: str, version: str, size: int) -> str:
    """Return the body of an arrival of this object."""
    event = json.loads(sample_event("intake")["Records"][0]["body"])
    event["detail"]["bucket"]["name"] = BUCKET
    event["detail"]["object"] |= {"key": key, "version-id": version, "size": size}
    return json.dumps(event)


def sample_event(name: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / "events" / f"{name}.json").read_text("utf-8")))


def forget() -> None:
    """Let the next handler be built anew, as in a fresh worker."""
    bootstrap.close()
    for name in [name for name in sys.modules if name.startswith("functions.")]:
        del sys.modules[name]


@contextmanager
def household(workspace: Path) -> Iterator[Household]:
    """Create on moto what the functions use."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        create_table(TABLE)
        s3 = boto3.client("s3")
        for name in (BUCKET, DERIVED_BUCKET):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        sqs = boto3.client("sqs")
        names = {"Bucket": BUCKET, "DerivedBucket": DERIVED_BUCKET, "Table": TABLE}
        for step in STEP_QUEUES:
            queue = sqs.create_queue(
                QueueName=f"{STACK_NAME}-{step.lower()}",
                Attributes={"VisibilityTimeout": "43200"},  # what was taken stays away
            )
            names[f"{step}Queue"] = queue["QueueUrl"]
        house = Household(load(), names, patch, workspace)
        session = boto3.Session()
        session.events.register("provide-client-params", house.remember)
        patch.setattr(boto3, "DEFAULT_SESSION", session)
        try:
            yield house
        finally:
            forget()
