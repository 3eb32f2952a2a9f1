"""The same files through a whole running service: by its HTTP API and by the drop folder.

What is looked at is what people get to see: answers, every object, every item, the log.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from cli import tools
from client.service import Service
from fanfold import keys, pagezip
from fanfold.errors import DocumentError, PageError
from fanfold.ocr.isolation.handle import GRACE
from infra.rehearsal.clients import Clients
from infra.rehearsal.cloud import Cloud
from infra.template.names import Place
from tests.hostile import lanes
from tests.hostile import lures as canaries
from tests.hostile.lanes import TEMPLATE
from tests.hostile.lures import Listener
from tests.hostile.memory import Gauge
from tests.hostile.registry import Input, Lures
from tests.hostile.trial import Ending, streams, untyped

_ENDS = ("SUCCEEDED", "PARTIAL", "FAILED")
_PROGRESS = ("state", "pages")
_CHILDREN = 4
"""How many children, one after the other, may run while a document's status stays as it is: it is
cut, its page tried in one lane and in the other; one more for the worker that is busy meanwhile."""
_STARTS = 60.0
"""Seconds that their workers may take to start, on a busy machine."""
_DEATHS = ("Runtime.ExitError", "Sandbox.Timedout", ": killed", "Traceback")
"""What the log says of workers that died, or of handlers that raised."""
_MOST_PAGES = "300"


@contextmanager
def running(folder: Path, seconds: float) -> Iterator[House]:
    """Run the service; ``seconds`` bounds a child, and so does the shortest lane."""
    found = tools.find()
    seconds = min(seconds, lanes.least_seconds())
    limits = {"FANFOLD_CHILD_SECONDS": str(seconds), "FANFOLD_MAX_PAGES": _MOST_PAGES}
    log, temporary = folder / "log", folder / "tmp"
    temporary.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    try:
        with Cloud(
            TEMPLATE,
            parameters={"Languages": "+".join(tools.languages(found))},
            workers=2,
            environment={**found.environment, **limits, "TMPDIR": str(temporary)},
            log=log,
        ) as cloud:
            house = House(cloud, log, folder, _CHILDREN * (seconds + GRACE) + _STARTS)
            yield house
            house.close()
    finally:
        tempfile.tempdir = before
    assert not list(temporary.iterdir()), f"left behind: {list(temporary.iterdir())}"


class House:
    """A running service and all that can be seen of it.

    ``patience``: seconds after which a document whose status does not change stands still.
    """

    def __init__(self, cloud: Cloud, log: Path, folder: Path, patience: float) -> None:
        clients = Clients(Place(cloud.aws_url))
        self._s3, self._dynamodb = clients.s3(), clients.dynamodb()
        self._cloud, self._log, self._folder = cloud, log, folder
        self._service = Service(cloud.api_url)
        self._api = httpx.Client(base_url=cloud.api_url, trust_env=False, timeout=60)
        self._read = 0
        self._patience = patience

    def close(self) -> None:
        for client in (self._s3, self._dynamodb, self._service, self._api):
            client.close()

    def upload(self, one: Input, data: bytes) -> str:
        """Hand a file in by the API's form; return the document."""
        path = self._folder / "file"
        path.write_bytes(data)
        return self._service.submit(path, {"pages": one.pages})

    def drop(self, one: Input, data: bytes) -> str:
        """Put a file into the drop folder, under a name that is a path; return the document."""
        key = f"inbox/a/%2e%2e%2f..%2f/{one.name}/<b>$(id)&.pdf"
        put = self._s3.put_object(Bucket=self._cloud.bucket, Key=key, Body=data)
        return keys.inbox_document(key, put["VersionId"])

    def wait(self, document: str) -> dict[str, Any] | None:
        """Return a document's status at its end; None where it stands still before."""
        seen, since = None, time.monotonic()
        while (waited := time.monotonic() - since) < self._patience:
            answer = self._api.get(f"/v1/documents/{document}")
            status = answer.json() if answer.status_code == 200 else {}
            if status.get("state") in _ENDS:
                return dict(status)
            if (now := [status.get(name) for name in _PROGRESS]) != seen:
                seen, since = now, time.monotonic()
            time.sleep(min(max(waited / 10, 0.1), 1.0))
        return None

    def told(self, document: str, status: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """Yield every answer of the API about a document, by its path, and what it leads to."""
        yield "status", json.dumps(status, ensure_ascii=False).encode()
        paths = [f"/pages/{page['page']}" for page in status["page_states"][:20]]
        paths += [f"/result?format={name}" for name in status["results"]]
        for path in paths:
            answer = self._api.get(f"/v1/documents/{document}{path}", follow_redirects=True)
            yield path, answer.content

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """Yield every version of every object but the files themselves, and every item."""
        for bucket in self._cloud.buckets:
            for one in self._versions(bucket):
                if not one["Key"].startswith((keys.INBOX, keys.UPLOADS, keys.TESSDATA)):
                    where = {"Key": one["Key"], "VersionId": one["VersionId"]}
                    data = self._s3.get_object(Bucket=bucket, **where)["Body"].read()
                    yield one["Key"], _unpacked(one["Key"], data)
        for item in self._dynamodb.scan(TableName=self._cloud.table)["Items"]:
            yield "an item", repr(item).encode()

    def _versions(self, bucket: str) -> Iterator[Any]:
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        return (version for page in pages for version in page.get("Versions", ()))

    def logged(self) -> str:
        """Return what the log says since the last time."""
        text = self._log.read_text(errors="replace")
        new, self._read = text[self._read :], len(text)
        return new

    def forget(self, document: str) -> None:
        """Delete a document and what it left in the outbox."""
        self._service.delete(document)
        for key in self._s3.list_objects_v2(Bucket=self._cloud.bucket).get("Contents", ()):
            if key["Key"].startswith((keys.OUTBOX, keys.INBOX)):
                self._s3.delete_object(Bucket=self._cloud.bucket, Key=key["Key"])


def _unpacked(key: str, data: bytes) -> bytes:
    """Return what a page left without its packing, in which nobody would find a word."""
    if not key.startswith(keys.PAGES):
        return data
    files = pagezip.unpack(data)
    return files.result + (files.layer or b"")


def play(
    inputs: Iterable[Input], seconds: float, tell: Callable[[Ending], None] = lambda _: None
) -> list[Ending]:
    """Put all of them through, by turns in both ways; return how they ended."""
    endings = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with (
            canaries.set_out(place / "canaries") as (bait, listener),
            running(place, seconds) as house,
        ):
            for number, one in enumerate(inputs):
                endings.append(_run(one, house, bait, listener, dropped=bool(number % 2)))
                tell(endings[-1])
    return endings


def measured(
    inputs: Iterable[Input], seconds: float, tell: Callable[[Ending], None] = lambda _: None
) -> tuple[list[Ending], int]:
    """Play them; return the peak of memory of all workers and their children, in bytes, too."""
    gauge = Gauge()
    try:
        endings = play(inputs, seconds, tell)
        return endings, gauge.peak
    finally:
        gauge.stop()


def _run(one: Input, house: House, bait: Lures, listener: Listener, *, dropped: bool) -> Ending:
    ending = Ending(f"{one.name} ({'dropped' if dropped else 'uploaded'})")
    began, data = time.monotonic(), one.make(bait)
    document = (house.drop if dropped else house.upload)(one, data)
    status = house.wait(document)
    ending.seconds = time.monotonic() - began
    if status is None:
        ending.wrong.append("stands still")
        return ending
    _judge(ending, one, status)
    seen = [*house.told(document, status), *house.kept()]
    ending.wrong += [f"{what} holds a canary's words" for what, data in seen if _said(bait, data)]
    log = house.logged()
    ending.wrong += [f"the log says {word}" for word in _DEATHS if word in log]
    ending.wrong += ["the log holds a canary's words"] if _said(bait, log.encode()) else []
    ending.wrong += _touched(bait, listener)
    house.forget(document)
    return ending


def _judge(ending: Ending, one: Input, status: dict[str, Any]) -> None:
    ending.state = status["state"]
    reasons = [page["error"]["code"] for page in status["page_states"] if "error" in page]
    for code in reasons:
        ending.wrong += untyped(code, PageError)
    if status["reason"]:
        reasons.append(status["reason"]["code"])
        ending.wrong += untyped(reasons[-1], DocumentError, PageError)
    elif ending.state == "FAILED":
        ending.wrong.append("failed without a reason")
    ending.codes.update(reasons)
    if one.ends and not {ending.state, *reasons} & {*one.ends, "TOO_MANY_PAGES"}:
        ending.wrong.append(f"ended {ending.state} {reasons}, not {one.ends}")


def _said(bait: Lures, data: bytes) -> bool:
    parts = streams(data) if data.startswith(b"%PDF") else []
    return any(canaries.said(bait, part) for part in (data, *parts))


def _touched(bait: Lures, listener: Listener) -> list[str]:
    found = [f"opened {name}" for name in canaries.opened(bait)]
    for path in bait.folder.iterdir():
        canaries.forget(path)
    calls = listener.connections()
    return found + ([f"made {calls} connections"] if calls else [])
