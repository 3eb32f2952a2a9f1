"""The host's side: template.yaml's functions, S3 and SQS on moto, DynamoDB on DynamoDB Local.

Time is virtual: the functions' clock is the real one plus ``offset``, which grows when a message
waits for its next delivery or a deadline for its sweep.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3

from fanfold import keys
from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.table import Table
from fanfold.bootstrap import SystemClock
from fanfold.messages import ObjectCreated, encode_arrival
from fanfold.model import Document, State
from infra.http.serving import listen
from infra.rehearsal.aws import EmbeddedAws
from infra.rehearsal.clients import Clients
from infra.rehearsal.pollers import record, reported
from infra.rehearsal.resources import Builder
from infra.rehearsal.runner import environment
from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import EventSource, Function, wire
from tests.aws import TEMPLATE, create_table
from tests.chaos.processes.engine import HEALED
from tests.infra.stack import ROOT

LOOKS = 12
"""How often, an hour apart, the sweep is given the chance to end everything."""
EVENTS = ROOT / "events"


@dataclass(frozen=True)
class Kill:
    """Where to kill: at the n-th AWS call of a function in a run, before or after it is done."""

    function: str
    call: int
    after: bool


@dataclass
class Course:
    """What one run's functions did."""

    kill: Kill | None = None
    doomed: str = ""
    """A function whose every invocation dies at its first call."""
    robbed: str = ""
    """A queue whose messages vanish unread: those that are received first, or all."""
    for_good: bool = False
    calls: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kills: Counter[str] = field(default_factory=Counter)
    invocations: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    reached: bool = False


@dataclass
class Deployment:
    """One account. ``begin`` a course, do things, ``settle``, look at what there is."""

    place: Place
    functions: dict[str, Function]
    sources: tuple[EventSource, ...]
    links: dict[str, Any]
    store: DynamoDocuments
    objects: S3Objects
    table: Any
    sqs: Any
    healed: Path
    offset: int = 0
    course: Course = field(default_factory=Course)
    documents: dict[str, list[str]] = field(default_factory=dict)

    def begin(self, course: Course) -> None:
        """Forget the run before: its documents, and that anything was healed."""
        self.course, self.documents = course, {}
        self.healed.unlink(missing_ok=True)
        for prefix in (keys.INBOX, keys.UPLOADS, *keys.DERIVED, keys.OUTBOX):
            self.objects.delete_prefix(prefix)
        with self.table.batch_writer() as batch:
            for item in self.items():
                batch.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})

    def items(self) -> list[dict[str, Any]]:
        return list(self.table.scan(ConsistentRead=True)["Items"])

    # What people do

    def drop(self, name: str, pages: list[str]) -> str:
        """Put a file into the drop folder; S3 tells of it."""
        info = self.objects.put(keys.INBOX + name, "\n".join(pages).encode(), "")
        document = keys.inbox_document(info.key, info.version)
        self.documents[document] = pages
        return document

    def tell_again(self, document: str) -> None:
        """Tell of a dropped file's arrival once more, as S3 may."""
        source = self.ended(document).source
        assert source
        event = ObjectCreated(self.objects.bucket, source.key, source.version, source.size)
        url = f"{self.place.aws_url}/{self.place.account}/fanfold-intake"
        self.sqs.send_message(QueueUrl=url, MessageBody=encode_arrival(event))

    def request(self, sample: str, path: str = "", **changes: Any) -> dict[str, Any]:
        """Ask the API, and again when the worker dies of it; return its answer."""
        event = json.loads((EVENTS / f"{sample}.json").read_text("utf-8")) | changes
        event["path"] = path or event["path"]
        while True:
            told = self.invoke("ApiFunction", event)
            if not told["killed"]:
                return dict(told["answer"])
            self.offset += 30_000

    def post(self, name: str, pages: list[str]) -> str:
        """Send a document through the API under a key, until it is taken."""
        document = keys.keyed_document("default", name)
        self.documents[document] = pages
        answer = self.request(
            "api-create-pdf",
            queryStringParameters={"name": name},
            headers={"Content-Type": "application/pdf", "Idempotency-Key": name},
            multiValueHeaders={},
            body="\n".join(pages),
            isBase64Encoded=False,
        )
        assert answer["statusCode"] == 202, answer
        return document

    # What the machinery does

    def invoke(self, function: str, event: Any) -> dict[str, Any]:
        """Invoke a function in a process that the course may kill."""
        course, link = self.course, self.links[function]
        done = course.calls[function]
        request = {
            "event": event,
            "offset": self.offset,
            "seconds": self.functions[function].timeout,
            "kill": self._kill(function, len(done)),
        }
        link.write(json.dumps(request).encode() + b"\n")
        link.flush()
        told: dict[str, Any] = json.loads(link.readline())
        done += told["calls"]
        course.invocations.append((function, tuple(told["calls"])))
        course.asked[function] |= set(told["needs"])
        if told["killed"]:
            course.kills[function] += 1
            kill = course.kill
            if kill and kill.function == function and len(done) >= kill.call:
                course.reached = True
        return told

    def _kill(self, function: str, done: int) -> tuple[int, bool] | None:
        kill = self.course.kill
        if kill and kill.function == function and not self.course.reached and kill.call > done:
            return kill.call - done, kill.after
        return (1, False) if self.course.doomed == function else None

    def settle(self) -> None:
        """Deliver and sweep until nothing is under way; AssertionError if that never comes."""
        self.deliver()
        for _ in range(LOOKS):
            if not self.store.due(2**53, 1):
                return
            self.sweep()
            self.deliver()
        raise AssertionError(f"never ends: {self.store.due(2**53, 5)}")

    def sweep(self) -> None:
        """Let more than an hour pass, and the sweep look; if it dies, again five minutes later."""
        event = json.loads((EVENTS / "sweep.json").read_text("utf-8"))
        self.offset += 65 * 60 * 1000
        while self.invoke("SweepFunction", event)["killed"]:
            self.offset += 5 * 60 * 1000

    def deliver(self, most: int = 1_000) -> None:
        """Deliver messages, of every queue in turn, until there are none."""
        quiet = False
        while not quiet:
            quiet = True
            for source in self.sources:
                if most <= 0:
                    return
                delivered = self._deliver(source)
                most -= delivered
                quiet = quiet and not delivered

    def _deliver(self, source: EventSource) -> int:
        messages = self.sqs.receive_message(
            QueueUrl=source.queue_url,
            MessageSystemAttributeNames=["All"],
            MaxNumberOfMessages=source.batch_size,
        ).get("Messages", [])
        if not messages:
            return 0
        failed = frozenset() if self._robbed(source) else self._hand_over(source, messages)
        for message in messages:
            handle = {"QueueUrl": source.queue_url, "ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageId"] in failed:
                self.offset += 30 * 60 * 1000
                self.sqs.change_message_visibility(**handle, VisibilityTimeout=0)
            else:
                self.sqs.delete_message(**handle)
        return len(messages)

    def _robbed(self, source: EventSource) -> bool:
        """Whether the messages that were just received vanish instead of being handed over."""
        course = self.course
        if not course.robbed or not source.queue_arn.endswith(f"-{course.robbed}"):
            return False
        course.robbed = course.robbed if course.for_good else ""
        return True

    def _hand_over(self, source: EventSource, messages: list[Any]) -> frozenset[str]:
        """Invoke a function with its messages; return the ids of those that come back."""
        records = [record(one, source.queue_arn, self.place.region) for one in messages]
        told = self.invoke(source.function, {"Records": records})
        ids = frozenset(one["MessageId"] for one in messages)
        return ids if told["killed"] or told["error"] else reported(told["answer"], ids)

    def left(self) -> dict[str, int]:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = {}
        for source in self.sources:
            has = self.sqs.get_queue_attributes(QueueUrl=source.queue_url, AttributeNames=["All"])
            found[source.queue_arn] = sum(int(has["Attributes"][name]) for name in names)
        return {queue: count for queue, count in found.items() if count}

    def ended(self, document: str) -> Document:
        found = self.store.get(document)
        assert found is not None, f"{document} is not there"
        assert found.state is not State.UPLOADING
        return found


@contextmanager
def deployed(dynamodb: str, folder: Path) -> Iterator[Deployment]:
    """Deploy template.yaml; ``dynamodb`` is DynamoDB Local's address."""
    aws = EmbeddedAws(listen(0))
    aws.start()
    place = Place(aws_url=aws.url)
    template = load(TEMPLATE, place, {})
    wiring = wire(template)
    table = template.value({"Ref": "Table"})
    extra = {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb, HEALED: str(folder / "healed")}
    ours = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")
    ours |= {"AWS_DEFAULT_REGION": place.region, "AWS_ENDPOINT_URL": place.aws_url}
    try:
        with patch.dict(os.environ, {**ours, **extra}), _nursery() as nursery:
            Builder(Clients(place), template).build()
            boto3.setup_default_session()
            resource = create_table(table)
            yield Deployment(
                place=place,
                functions={one.id: one for one in wiring.functions.values()},
                sources=tuple(_with_ids(wiring.sources, wiring.functions)),
                links={
                    one.id: _start(nursery, one, environment(one, place, TEMPLATE, extra), folder)
                    for one in wiring.functions.values()
                },
                store=DynamoDocuments(Table(resource, table), SystemClock()),
                objects=S3Objects(
                    boto3.client("s3"),
                    *(template.value({"Ref": name}) for name in ("Bucket", "DerivedBucket")),
                ),
                table=resource.Table(table),
                sqs=boto3.client("sqs"),
                healed=folder / "healed",
            )
    finally:
        boto3.DEFAULT_SESSION = None
        aws.stop()


def _with_ids(sources: tuple[EventSource, ...], functions: Any) -> Iterator[EventSource]:
    for source in sources:
        yield EventSource(
            functions[source.function].id,
            source.queue_arn,
            source.queue_url,
            source.batch_size,
            source.reports_failures,
            source.concurrency,
            source.drains_dead_letters,
        )


@contextmanager
def _nursery() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "tests.chaos.processes.worker", str(theirs.fileno())]
    with (
        ours,
        theirs,
        subprocess.Popen(
            command, cwd=ROOT, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL
        ) as process,
    ):
        theirs.close()
        try:
            yield ours
        finally:
            ours.close()
            process.wait(30)


def _start(
    nursery: socket.socket, function: Function, variables: dict[str, str], folder: Path
) -> Any:
    ours, theirs = socket.socketpair()
    own = {"FANFOLD_WORKSPACE": str(folder / function.id)}
    described = {"environment": {**variables, **own}, "handler": function.handler}
    with ours, theirs:
        socket.send_fds(nursery, [json.dumps(described).encode()], [theirs.fileno()])
        return ours.makefile("rwb")
