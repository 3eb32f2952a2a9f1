"""Faults of AWS as the SDK sees them: refused before, done and never answered, answered by half."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session

_THROTTLES = {"dynamodb": (400, "ThrottlingException"), "s3": (503, "SlowDown")}
_CONFLICT = (400, "TransactionConflictException")
_INTERNAL = (500, "InternalServerError")


class _Body(io.BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def refusal(service: str, url: str, status: int, code: str) -> AWSResponse:
    """Return an error as the service words it."""
    if service == "s3":
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    else:
        body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "no"}).encode()
    return AWSResponse(url, status, {}, _Body(body))


@dataclass
class Faults:
    """A botocore hook; ``chance`` per request of one of the service's faults."""

    random: Random
    chance: float
    count: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    session: URLLib3Session = field(default_factory=URLLib3Session)

    def register(self, client: Any) -> None:
        client.meta.events.register("before-send", self)

    def __call__(
        self, event_name: str, request: AWSPreparedRequest, **_: object
    ) -> AWSResponse | None:
        _, service, operation = event_name.split(".")
        self.requests[operation] += 1
        if self.random.random() >= self.chance:
            return None
        kinds = ["throttled", "broken", "lost", "reset"]
        kinds += ["conflict"] * (service == "dynamodb") + ["truncated"] * (operation == "GetObject")
        kind = self.random.choice(kinds)
        self.count[kind] += 1
        if kind == "truncated":
            return self._truncated(request)
        if kind in ("lost", "reset"):
            self.session.send(request)
        if kind == "reset":
            raise ConnectionClosedError(endpoint_url=request.url)
        known = {"throttled": _THROTTLES.get(service, (400, "RequestThrottled"))}
        known["conflict"] = _CONFLICT
        return refusal(service, request.url, *known.get(kind, _INTERNAL))

    def _truncated(self, request: AWSPreparedRequest) -> AWSResponse:
        """Let half of an object arrive, under headers that promise the whole."""
        whole = self.session.send(request)
        data: bytes = whole.content
        return AWSResponse(
            request.url, whole.status_code, whole.headers, _Body(data[: len(data) // 2])
        )


@dataclass
class PartialBatches:
    """A botocore hook: ``failures`` of the entries of every n-th batch are not taken."""

    failures: int
    every: int = 1
    sender_fault: bool = False
    batches: list[list[str]] = field(default_factory=list)
    session: URLLib3Session = field(default_factory=URLLib3Session)

    def register(self, client: Any) -> None:
        client.meta.events.register("before-send.sqs.SendMessageBatch", self)

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        asked: dict[str, Any] = json.loads(request.body)
        self.batches.append([entry["MessageBody"] for entry in asked["Entries"]])
        if len(self.batches) % self.every:
            return None
        taken, left = asked["Entries"][self.failures :], asked["Entries"][: self.failures]
        told = self._send(request, {**asked, "Entries": taken}) if taken else {"Successful": []}
        fault = {"SenderFault": self.sender_fault, "Code": "InternalError"}
        told["Failed"] = [{"Id": entry["Id"], **fault} for entry in left]
        return AWSResponse(request.url, 200, {}, _Body(json.dumps(told).encode()))

    def _send(self, request: AWSPreparedRequest, body: Mapping[str, Any]) -> dict[str, Any]:
        request.body = json.dumps(body).encode()
        request.headers["Content-Length"] = str(len(request.body))
        return dict(json.loads(self.session.send(request).content))
