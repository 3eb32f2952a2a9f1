"""Every function takes its events: on moto, with the real parsers and the real recogniser."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from fanfold import bootstrap
from tests.aws import create_table

EVENTS = Path(__file__).parents[3] / "events"
QUEUES = ("intake", "split", "page", "heavy", "assemble", "notify")
BUCKET = "fanfold-bucket-1a2b3c4d5e6f"
STEPS = {
    **{path.stem: path.stem.partition("-")[0] for path in sorted(EVENTS.glob("*.json"))},
}


@dataclass
class Context:
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@dataclass
class Account:
    """An account on moto with what template.yaml would create."""

    queues: dict[str, str]

    def handler(self, step: str) -> Callable[[dict[str, Any], Context], Any]:
        return importlib.import_module(f"functions.{step}.handler").handler

    def take(self, queue: str) -> list[str]:
        """Take all bodies out of a queue."""
        sqs, url, bodies = boto3.client("sqs"), self.queues[queue], []
        while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in got]
        return bodies

    def deliver(self, step: str, *bodies: str) -> None:
        """Invoke a function with the event file of its step, carrying these bodies."""
        event = load(step)
        record = event["Records"][0]
        event["Records"] = [{**record, "body": body} for body in bodies]
        assert self.handler(step)(event, Context()) == {"batchItemFailures": []}


def load(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("FANFOLD_BUCKET", BUCKET)
    monkeypatch.setenv("FANFOLD_DERIVED_BUCKET", f"{BUCKET}-derived")
    monkeypatch.setenv("FANFOLD_TABLE", "table")
    monkeypatch.setenv("FANFOLD_WORKSPACE", str(tmp_path / "work"))
    monkeypatch.setenv("FANFOLD_ENGINE", "tesseract")  # no page needs the heavy lane
    with mock_aws():
        create_table("table")
        s3 = boto3.client("s3")
        for name in (BUCKET, f"{BUCKET}-derived"):
            s3.create_bucket(
                Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        sqs = boto3.client("sqs")
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
        for name, url in urls.items():
            monkeypatch.setenv(f"FANFOLD_{name.upper()}_QUEUE_URL", url)
        _forget()
        yield Account(urls)
        _forget()


def _forget() -> None:
    """Let the next handler be built anew, as in a fresh worker."""
    bootstrap.close()
    for name in [name for name in sys.modules if name.startswith("functions.")]:
        del sys.modules[name]


@pytest.mark.parametrize("name", STEPS)
def test_a_function_takes_its_event_even_if_the_document_is_gone(account: Account, name: str):
    answer = account.handler(STEPS[name])(load(name), Context())
    if STEPS[name] == "api":
        assert answer["statusCode"] < 500
    elif STEPS[name] == "authorize":
        assert answer["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    elif STEPS[name] == "sweep":
        assert answer is None
    else:
        assert answer == {"batchItemFailures": []}


@pytest.mark.parametrize("name", ["split", "page", "assemble"])
def test_a_record_that_nobody_can_read_is_reported_and_the_others_are_done(
    account: Account, name: str
):
    event = load(name)
    good = event["Records"][0]
    event["Records"] = [{**good, "messageId": "bad", "body": "junk"}, good]
    answer = account.handler(STEPS[name])(event, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}


@pytest.mark.parametrize("step", ["split", "heavy"])
def test_a_letter_that_nobody_can_read_is_put_away_once(account: Account, step: str):
    event = load(f"lost-{step}")
    event["Records"][0]["body"] = "junk"
    assert account.handler("lost")(event, Context()) == {"batchItemFailures": []}
    (kept,) = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="unreadable/")["Contents"]
    assert kept["Key"].startswith(f"unreadable/{step}/")


def test_an_unread_arrival_is_reported(account: Account):
    event = load("intake")
    event["Records"][0]["body"] = "junk"
    failures = account.handler("intake")(event, Context())["batchItemFailures"]
    assert [one["itemIdentifier"] for one in failures] == [event["Records"][0]["messageId"]]


def test_a_dropped_scan_goes_through_all_functions(account: Account, samples: Path):
    s3 = boto3.client("s3")
    event = load("intake")
    arrival = json.loads(event["Records"][0]["body"])
    thing = arrival["detail"]["object"]
    data = (samples / "scan.pdf").read_bytes()
    put = s3.put_object(Bucket=BUCKET, Key=thing["key"], Body=data)
    thing |= {"version-id": put["VersionId"], "size": len(data)}
    account.deliver("intake", json.dumps(arrival))
    account.deliver("split", *account.take("split"))
    account.deliver("page", *account.take("page"))
    account.deliver("assemble", *account.take("assemble"))
    outbox = thing["key"].replace("inbox/", "outbox/", 1)
    text = s3.get_object(Bucket=BUCKET, Key=f"{outbox}.txt")["Body"].read().decode()
    document = json.loads(s3.get_object(Bucket=BUCKET, Key=f"{outbox}.json")["Body"].read())
    assert document["document"]["state"] == "SUCCEEDED"
    assert text.count("\f") == len(document["pages"]) - 1
    api = load("api-status")
    api["path"] = f"/v1/documents/{document['document']['id']}"
    answer = account.handler("api")(api, Context())
    assert json.loads(answer["body"])["pages"]["done"] == len(document["pages"])
