"""Where moto differs from AWS in ways that Fanfold would notice: every patch, in one place.

moto is not atomic under concurrent requests: DynamoDB updates get lost, an SQS delete can take a
message with it that arrives at the same time, ``If-None-Match`` can have two winners. So one lock
guards all of it. Long polls wait on a condition of that lock, which lets go of it meanwhile.
"""

from __future__ import annotations

import functools
import itertools
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import quote

from moto import backends
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.common_models import BaseModel
from moto.events.models import events_backends
from moto.s3 import notifications
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response
from moto.sqs import models as sqs

from infra.rehearsal.clients import isolated

GUARD = threading.RLock()
"""Held during every request."""

_REASONS = {
    "ObjectCreated:Put": "PutObject",
    "ObjectCreated:Post": "POST Object",
    "ObjectCreated:Copy": "CopyObject",
    "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "ObjectRemoved:Delete": "DeleteObject",
}
_epoch = time.time() - time.monotonic()
_sequence = itertools.count(time.time_ns())
_closing = threading.Event()
_originals: list[tuple[object, str, object]] = []
_moto_list_versions = S3Response.list_object_versions
_moto_change_visibility = sqs.SQSBackend.change_message_visibility


class Closing(Exception):
    """The cloud stops while somebody waits for a message."""


def install() -> None:
    """Patch moto and begin with nothing in it."""
    _closing.clear()
    BackendDict.reset()
    # moto asks a session which regions there are: one of the user's profile, which need not exist
    _patch(AccountSpecificBackend, "get_session", functools.cache(isolated))
    _patch(notifications, "_send_event_bridge_message", _tell_event_bridge)
    _patch(S3Response, "list_object_versions", _list_versions)
    _patch(sqs, "Queue", GuardedQueue)
    _patch(sqs, "unix_time_millis", steady_millis)
    _patch(sqs.SQSBackend, "change_message_visibility", _change_visibility)
    # moto counts the whole queue three times to find out that their time has not passed
    _patch(sqs.SQSBackend, "is_message_valid_based_on_retention_period", lambda *_: True)
    # … and looks through its own folders on every request: a quarter of its time
    modules = tuple(backends.list_of_moto_modules())
    _patch(backends, "list_of_moto_modules", lambda: modules)
    # … and remembers every object that ever was, for a web page of its own …
    _patch(BaseModel, "__new__", lambda cls, *_, **__: object.__new__(cls))
    # … and warns when an S3 object is forgotten that nobody disposed of
    _patch(FakeKey, "__del__", FakeKey.dispose)


def steady_millis() -> float:
    """Return milliseconds since the epoch as it was when we started.

    A machine's clock that is put forward would give out messages twice, one that is put back
    would hide them for as long.
    """
    return (_epoch + time.monotonic()) * 1000


def _patch(owner: object, name: str, value: object) -> None:
    _originals.append((owner, name, getattr(owner, name)))
    setattr(owner, name, value)


def close() -> None:
    """Send everybody home who waits for a message, forget everything, leave moto as it was."""
    _closing.set()
    with GUARD:
        for regions in sqs.sqs_backends.values():
            for backend in regions.values():
                for queue in backend.queues.values():
                    cast(GuardedQueue, queue).news()
        BackendDict.reset()
        while _originals:
            owner, name, value = _originals.pop()
            setattr(owner, name, value)


class GuardedQueue(sqs.Queue):
    """A queue whose waiters let go of the lock, and that looks at no more than it needs.

    moto looks at every message several times for each one sent, received or deleted.
    """

    def __init__(self, name: str, region: str, account_id: str, **attributes: Any) -> None:  # noqa: ANN401
        super().__init__(name, region, account_id, **attributes)
        self._messages_lock = threading.Condition(GUARD)

    @property
    def messages(self) -> Iterator[sqs.Message]:  # type: ignore[override]
        """The messages that may be received now."""
        now = steady_millis()
        return (m for m in tuple(self._messages) if m.visible_at <= now >= m.delayed_until)

    @property
    def approximate_number_of_messages(self) -> int:
        """The number of messages that may be received now."""
        return sum(1 for _ in self.messages)

    @property
    def approximate_number_of_messages_delayed(self) -> int:
        """The number of messages that are still delayed."""
        now = steady_millis()
        return sum(1 for message in self._messages if message.delayed_until > now)

    @property
    def approximate_number_of_messages_not_visible(self) -> int:
        """The number of messages in flight."""
        now = steady_millis()
        return sum(1 for message in self._messages if message.visible_at > now)

    def add_message(self, message: sqs.Message) -> None:
        """Add a message; one that comes by redrive is counted anew, as SQS does for each queue."""
        message.approximate_receive_count = 0
        message.approximate_first_receive_timestamp = None
        message.receipt_handle, message._old_receipt_handles = None, []
        super().add_message(message)

    def delete_message(self, receipt_handle: str) -> None:
        """Delete the message that was received under this handle; the head is the likely place."""
        for index, message in enumerate(self._messages):
            if message.had_receipt_handle(receipt_handle):
                self.pending_messages.discard(message)
                del self._messages[index]
                return

    def wait_for_messages(self, timeout: float) -> None:
        """Wait up to ``timeout`` seconds for news, or for a message's own time to come."""
        if _closing.is_set():
            raise Closing
        now = steady_millis()
        due = (max(m.visible_at, m.delayed_until) - now for m in self._messages)
        self._messages_lock.wait(min([timeout * 1000, *(d for d in due if d > 0)]) / 1000)

    def news(self) -> None:
        """Wake the waiting receivers."""
        self._messages_lock.notify_all()


def _change_visibility(
    backend: sqs.SQSBackend, queue_name: str, receipt_handle: str, visibility_timeout: int
) -> None:
    _moto_change_visibility(backend, queue_name, receipt_handle, visibility_timeout)
    cast(GuardedQueue, backend.get_queue(queue_name)).news()


def _list_versions(response: S3Response) -> Any:  # noqa: ANN401
    """Encode keys where that is asked for: XML has no words for some, and nobody could read it."""
    if response.querystring.get("encoding-type") != ["url"]:
        return _moto_list_versions(response)
    serialized = response.serialized

    def encoded(action_result: Any) -> Any:  # noqa: ANN401
        told = action_result.result
        for one in (*told["Versions"], *told["DeleteMarkers"]):
            one["Key"] = quote(one["Key"])
        for one in told.get("CommonPrefixes", ()):
            one["Prefix"] = quote(one["Prefix"])
        for name in {"Prefix", "Delimiter", "KeyMarker", "NextKeyMarker"} & told.keys():
            told[name] = quote(told[name] or "")
        told["EncodingType"] = "url"
        return serialized(action_result)

    response.serialized = encoded  # type: ignore[method-assign]
    try:
        return _moto_list_versions(response)
    finally:
        del response.serialized


def _tell_event_bridge(account: str, bucket: Any, event_name: str, key: Any) -> None:  # noqa: ANN401
    """Send an S3 event with AWS's shape; one event per object, also for multipart uploads."""
    happened = str(getattr(event_name, "value", event_name)).removeprefix("s3:")
    if happened == "ObjectCreated:Put" and key.multipart is not None:
        return  # CompleteMultipartUpload follows
    thing = {"key": key.name, "sequencer": f"{next(_sequence):016X}"}
    if happened.startswith("ObjectCreated"):
        thing |= {"size": key.size, "etag": key.etag.strip('"')}
    if bucket.is_versioned:
        thing["version-id"] = key.version_id
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": notifications._detail_type(event_name),
        "source": "aws.s3",
        "account": account,
        "time": int(time.time()),  # moto writes it as ISO 8601 on the way out
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket.name},
            "object": thing,
            "request-id": uuid.uuid4().hex[:16].upper(),
            "requester": account,
            "source-ip-address": "127.0.0.1",
            "reason": _REASONS.get(happened, happened),
        },
    }
    for rule in events_backends[account][bucket.region_name].event_buses["default"].rules.values():
        if rule.state == "ENABLED":
            rule.send_to_targets(cast(Any, event), transform_input=False)
