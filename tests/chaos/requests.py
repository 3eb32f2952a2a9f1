"""What is asked of AWS, written down, and answers by half that no emulator gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Requests:
    """A botocore hook: the parameters of every request, by operation."""

    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def register(self, client: Any) -> None:
        client.meta.events.register("before-parameter-build.*.*", self)

    def __call__(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        self.asked.append((model.name, dict(params)))

    def of(self, operation: str) -> list[Mapping[str, Any]]:
        return [params for name, params in self.asked if name == operation]


@dataclass
class HalfRead:
    """A botocore hook: of every BatchGetItem of more than one key the second half is left over."""

    always: bool = False
    """Whether a single key is left over as well: nothing is ever read to its end."""
    _left: dict[str, Any] = field(default_factory=dict)

    def register(self, client: Any) -> None:
        events = client.meta.events
        events.register("provide-client-params.dynamodb.BatchGetItem", self._take)
        events.register("after-call.dynamodb.BatchGetItem", self._tell)

    def _take(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        [(table, asked)] = params["RequestItems"].items()
        half = (len(asked["Keys"]) + 1) // 2
        keys, left = asked["Keys"][:half], asked["Keys"][half:]
        if self.always:
            left = left or [dict(key) for key in keys]  # the request's own are rewritten
        self._left = {table: {**asked, "Keys": left}} if left else {}
        return {**params, "RequestItems": {table: {**asked, "Keys": keys}}}

    def _tell(self, parsed: dict[str, Any], **_: object) -> None:
        parsed["UnprocessedKeys"] = {
            table: {**asked, "Keys": [_typed(key) for key in asked["Keys"]]}
            for table, asked in self._left.items()
        }


@dataclass
class HalfWritten:
    """A botocore hook: of every BatchWriteItem of more than one item the second half is left."""

    _left: dict[str, Any] = field(default_factory=dict)

    def register(self, client: Any) -> None:
        events = client.meta.events
        events.register("provide-client-params.dynamodb.BatchWriteItem", self._take)
        events.register("after-call.dynamodb.BatchWriteItem", self._tell)

    def _take(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        [(table, asked)] = params["RequestItems"].items()
        half = (len(asked) + 1) // 2
        self._left = {table: asked[half:]} if asked[half:] else {}
        return {**params, "RequestItems": {table: asked[:half]}}

    def _tell(self, parsed: dict[str, Any], **_: object) -> None:
        parsed["UnprocessedItems"] = {
            table: [{"DeleteRequest": {"Key": _typed(one["DeleteRequest"]["Key"])}} for one in left]
            for table, left in self._left.items()
        }


def _typed(key: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Write a key as it comes over the wire; the resource reads it back."""
    return {name: {"S": value} for name, value in key.items()}
