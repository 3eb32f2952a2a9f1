"""Faults of DynamoDB as the SDK sees them: refused before, or done and then never answered."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session


class _Body(io.BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@dataclass
class Faults:
    """A botocore hook; ``chance`` per request, half of them after the write was done."""

    random: Random
    chance: float
    count: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    session: URLLib3Session = field(default_factory=URLLib3Session)

    def register(self, client: Any) -> None:
        client.meta.events.register("before-send.dynamodb", self)

    def __call__(
        self, event_name: str, request: AWSPreparedRequest, **_: object
    ) -> AWSResponse | None:
        self.requests[event_name.rpartition(".")[2]] += 1
        roll = self.random.random()
        if roll >= self.chance:
            return None
        if roll < self.chance / 2:
            self.session.send(request)
            self.count["after"] += 1
        else:
            self.count["before"] += 1
        body = b'{"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"}'
        return AWSResponse(request.url, 500, {}, _Body(body))
