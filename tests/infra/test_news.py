"""The pipe's filter and template, tried on what the table's stream says of real transitions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws
from moto.dynamodb import dynamodb_backends
from moto.events.models import EventPattern

from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.table import Table
from fanfold.model import Options, Shard, State
from tests.aws import create_table
from tests.contracts.test_document_store import (
    DONE,
    REASON,
    SOURCE,
    assembling,
    document,
    ending,
)
from tests.fakes.world import FakeClock
from tests.infra import stack

EVENTS = Path(__file__).resolve().parents[2] / "docs" / "events.md"
NAMES = {"AWS::StackName": "fanfold", "DerivedBucket": "the-bucket"}
Told = list[dict[str, Any]]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        create_table("table", StreamSpecification={"StreamEnabled": True, **STREAM})
        yield DynamoDocuments(Table(boto3.resource("dynamodb"), "table"), FakeClock())


PIPE = stack.load().properties("EndedPipe")
STREAM = stack.load().properties("Table")["StreamSpecification"]["Fn::If"][1]


def told() -> Told:
    """Return the details that the pipe makes of the stream."""
    (regions,) = dynamodb_backends.values()
    shard = regions["eu-central-1"].get_table("table").stream_shard
    (wanted,) = PIPE["SourceParameters"]["FilterCriteria"]["Filters"]
    pattern = EventPattern.load(wanted["Pattern"])
    records = [json.loads(json.dumps(one.to_json(), default=str)) for one in shard.items]
    return [_made(record) for record in records if pattern.matches_event(record)]


def _made(record: dict[str, Any]) -> dict[str, Any]:
    template = PIPE["TargetParameters"]["InputTemplate"]["Fn::Sub"]
    template = re.sub(r"\$\{([\w:]+)\}", lambda found: NAMES[found[1]], template)

    def value(found: re.Match[str]) -> str:
        at: Any = record
        for word in found[1].split("."):
            at = at[word]
        return str(at)

    return dict(json.loads(re.sub(r"<\$\.([\w.]+)>", value, template)))


def test_every_end_is_told_once_in_each_run(store):
    assembling(store)
    store.open_shard(Shard("d", 0, 1, (1, 2, 3)))
    store.mark_done("d", 1, 1, DONE)
    store.finish("d", 1, ending(state=State.PARTIAL, pages_done=2, pages_failed=1, watched=True))
    store.finish("d", 1, ending())
    store.bury(store.get("d"))
    store.rerun("d", 1, Options(), "failed", 9_000)
    store.fail(store.get("d"), REASON, watched=False)
    first, second = told()
    assert first == {
        "stack": "fanfold",
        "document": "d",
        "tenant": "default",
        "state": "PARTIAL",
        "run": "1",
        "pages": {"total": "3", "done": "2", "failed": "1"},
        "bucket": "the-bucket",
        "results": "results/d/1/",
    }
    assert (second["state"], second["run"]) == ("FAILED", "2")


def test_a_file_that_is_refused_is_told_of(store):
    store.create(document(state=State.QUEUED, source=SOURCE))
    store.fail(store.get("d"), REASON, watched=True)
    (only,) = told()
    assert (only["state"], only["results"]) == ("FAILED", "results/d/0/")


def test_what_owners_stop_and_what_never_came_is_not_told_of(store):
    for id_ in ("cancelled", "deleted", "expired"):
        store.create(document(id=id_))
    store.cancel("cancelled")
    store.delete("deleted", 1)
    store.expire("expired")
    assert told() == []


def test_no_name_is_told(store):
    assembling(store)
    store.finish("d", 1, ending())
    assert "scan" not in json.dumps(told())


def test_the_manual_shows_what_is_told_and_its_rules_hear_it(store):
    assembling(store)
    store.finish("d", 1, ending(state=State.PARTIAL))
    (detail,) = told()
    text = EVENTS.read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    event = json.loads(shown)
    assert event["detail"].keys() == detail.keys()
    told_event = {**event, "detail": detail}
    heard = []
    for example in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        plain = yaml.safe_load(re.sub(r"!\w+ ", "", example))
        pattern = json.dumps(plain["DocumentEnded"]["Properties"]["EventPattern"])
        heard.append(EventPattern.load(pattern).matches_event(told_event))
    assert heard == [True, False, True]
