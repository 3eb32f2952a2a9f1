"""Event source mappings: queues to functions, with Lambda's rules for what happens after."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.rehearsal.process import InvocationFailed
from infra.rehearsal.runner import Pool
from infra.template.wiring import EventSource

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

logger = logging.getLogger(__name__)

_LONG_POLL_SECONDS = 20
_MAXIMUM_MESSAGES = 10  # of one ReceiveMessage; Lambda would put several together
_BACKOFF_SECONDS = (0, 1, 2)
"""Seconds until a failed message comes back, by its receive count. AWS waits for the visibility
timeout."""


class Poller:
    """One event source mapping: at most ``limit`` invocations at once.

    It receives only what it can pass on at once, so no visibility timeout runs while a message
    waits for its turn.
    """

    def __init__(
        self, source: EventSource, pool: Pool, sqs: SQSClient, *, region: str, limit: int
    ) -> None:
        self._source = source
        self._pool = pool
        self._sqs = sqs
        self._region = region
        self._stopped = threading.Event()
        self._capacity = threading.Semaphore(limit)
        name = f"poll-{pool.function.id}"
        self._hands = ThreadPoolExecutor(limit, thread_name_prefix=name)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Invoke no more; a poll that is waiting learns it from the embedded AWS."""
        self._stopped.set()

    def join(self, seconds: float) -> None:
        """Wait for the poll to end; what it handed on ends with the workers."""
        if self._thread.is_alive():
            self._thread.join(seconds)
        self._hands.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._capacity.acquire()
            messages = self._receive()
            if messages and not self._stopped.is_set():
                self._hands.submit(self._handle, messages)
            else:
                self._capacity.release()

    def _receive(self) -> Sequence[MessageTypeDef]:
        try:
            return self._sqs.receive_message(
                QueueUrl=self._source.queue_url,
                MaxNumberOfMessages=min(self._source.batch_size, _MAXIMUM_MESSAGES),
                WaitTimeSeconds=_LONG_POLL_SECONDS,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
        except (BotoCoreError, ClientError) as error:
            if not self._stopped.wait(1.0):
                logger.warning("cannot poll for %s: %s", self._pool.function.id, error)
            return []

    def _handle(self, messages: Sequence[MessageTypeDef]) -> None:
        try:
            failed = self._invoke(messages)
            if not self._stopped.is_set():  # otherwise the queue ends with the cloud
                self._settle(messages, failed)
        except (BotoCoreError, ClientError) as error:
            if not self._stopped.is_set():
                logger.warning("cannot settle for %s: %s", self._pool.function.id, error)
        finally:
            self._capacity.release()

    def _settle(self, messages: Sequence[MessageTypeDef], failed: frozenset[str]) -> None:
        done = [m for m in messages if m["MessageId"] not in failed]
        if done:
            self._sqs.delete_message_batch(
                QueueUrl=self._source.queue_url,
                Entries=[
                    {"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(done)
                ],
            )
        for message in messages:
            if message["MessageId"] in failed:
                self._give_back(message)

    def _invoke(self, messages: Sequence[MessageTypeDef]) -> frozenset[str]:
        """Return the ids of the messages that failed."""
        everything = frozenset(m["MessageId"] for m in messages)
        records = [record(m, self._source.queue_arn, self._region) for m in messages]
        try:
            answer = self._pool.invoke({"Records": records})
        except InvocationFailed:  # the pool has logged it
            return everything
        return reported(answer, everything) if self._source.reports_failures else frozenset()

    def _give_back(self, message: MessageTypeDef) -> None:
        count = int(message["Attributes"]["ApproximateReceiveCount"])
        self._sqs.change_message_visibility(
            QueueUrl=self._source.queue_url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=_BACKOFF_SECONDS[min(count, len(_BACKOFF_SECONDS)) - 1],
        )


def record(message: MessageTypeDef, queue_arn: str, region: str) -> dict[str, Any]:
    """Return a message as Lambda passes it to a function."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    known = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}
    named = {known[name]: _text(part) for name, part in value.items() if name in known}
    return {**named, "stringListValues": [], "binaryListValues": []}


def _text(value: str | bytes) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def reported(answer: object, everything: Iterable[str]) -> frozenset[str]:
    """Return the failures that a function reports; an answer that makes no sense fails them all.

    Source: “Using Lambda with Amazon SQS”, success and failure conditions of partial batches.
    """
    ids = frozenset(everything)
    if answer is None:
        return frozenset()
    if not isinstance(answer, dict):
        return ids
    try:
        named = frozenset(item["itemIdentifier"] for item in answer.get("batchItemFailures") or ())
    except (KeyError, TypeError):
        return ids
    return named if named <= ids else ids
