"""The sample events are what AWS would send to this very stack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fanfold import keys
from fanfold.messages import (
    AssembleMessage,
    PageMessage,
    SplitMessage,
    decode,
    decode_news,
    object_created,
)
from tests.infra.stack import ROOT, Stack, load

EVENTS = sorted((ROOT / "events").glob("*.json"))
FROM_QUEUES = [path for path in EVENTS if "Records" in json.loads(path.read_text("utf-8"))]
FROM_CALLERS = [path for path in EVENTS if path.stem.startswith("api")]

READ: dict[str, Callable[[str], object]] = {
    "intake": object_created,
    "split": lambda body: decode(SplitMessage, body),
    "page": lambda body: decode(PageMessage, body),
    "heavy": lambda body: decode(PageMessage, body),
    "assemble": lambda body: decode(AssembleMessage, body),
    "notify": decode_news,
}


def event(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def name(path: Path) -> str:
    return path.stem


@pytest.fixture(scope="session")
def stack() -> Stack:
    return load()


def queue_of(record: dict[str, Any]) -> str:
    """Return the last part of a queue's name, as in ``{stack}-split-dead``."""
    return str(record["eventSourceARN"].partition("fanfold-")[2])


def test_every_function_has_one(stack: Stack) -> None:
    functions = {one for one, _ in stack.of("AWS::Lambda::Function")}
    words = {name: name.removesuffix("Function") for name in functions} | {
        "PageHeavyFunction": "page-heavy"
    }
    without = {
        function
        for function, word in words.items()
        if not any(path.stem.startswith(word.lower()) for path in EVENTS)
    }
    assert without == set()


@pytest.mark.parametrize("path", FROM_QUEUES, ids=name)
class TestRecordsOfQueues:
    def test_come_from_a_queue_that_the_function_consumes(self, path: Path, stack: Stack) -> None:
        step = path.stem.partition("-")[0] if path.stem != "page-heavy" else "pageheavy"
        for record in event(path)["Records"]:
            queue = {"Fn::Sub": "${AWS::StackName}-" + queue_of(record)}
            sources = {
                function.lower()
                for function, source, _ in stack.consumers()
                if stack.properties(source)["QueueName"] == queue
            }
            assert sources == {f"{step}function"}

    def test_can_be_read(self, path: Path) -> None:
        for record in event(path)["Records"]:
            assert READ[queue_of(record).removesuffix("-dead")](record["body"])

    def test_carry_the_digest_of_their_body(self, path: Path) -> None:
        for record in event(path)["Records"]:
            digest = hashlib.md5(record["body"].encode(), usedforsecurity=False)
            assert record["md5OfBody"] == digest.hexdigest()


@pytest.mark.parametrize("path", FROM_CALLERS, ids=name)
def test_calls_take_a_route_of_the_api(path: Path, stack: Stack) -> None:
    call = event(path)
    methods = stack.properties("Api")["Body"]["paths"][call["resource"]]
    assert methods.keys() & {call["httpMethod"].lower(), "x-amazon-apigateway-any-method"}


def test_a_dropped_file_may_have_any_name() -> None:
    [record] = event(ROOT / "events" / "intake.json")["Records"]
    arrival = object_created(record["body"])
    assert arrival
    assert arrival.version
    assert keys.inbox_path(arrival.key) == "2026/Größe + 100% (1).pdf"
