"""A queue on SQS."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Literal

from fanfold.aws.sdk import healing
from fanfold.errors import ServiceError, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_MAXIMUM_MESSAGES = 10  # in one SendMessageBatch
_MAXIMUM_SENDS = 5  # of one batch


class SqsQueue:
    """Sends in batches and sends again only what a batch left over."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, bodies: Iterable[str], *, group: str, delay: int = 0) -> None:
        """Send every body; raise Unavailable if some could not be sent after retries."""
        rest = iter(bodies)
        while batch := list(islice(rest, _MAXIMUM_MESSAGES)):
            self._send_batch(
                [
                    {
                        "Id": str(n),
                        "MessageBody": body,
                        "MessageGroupId": group,
                        "DelaySeconds": delay,
                    }
                    for n, body in enumerate(batch)
                ]
            )

    def waiting(self) -> int:
        """Return about how many messages wait to be received."""
        name: Literal["ApproximateNumberOfMessages"] = "ApproximateNumberOfMessages"
        with healing():
            answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def _send_batch(self, entries: list[SendMessageBatchRequestEntryTypeDef]) -> None:
        for attempt in range(_MAXIMUM_SENDS):
            with healing():
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            failed = answer.get("Failed", [])
            if not failed:
                return
            if any(entry["SenderFault"] for entry in failed):
                raise ServiceError(f"A message was refused: {failed[0]['Code']}.")
            again = {entry["Id"] for entry in failed}
            entries = [entry for entry in entries if entry["Id"] in again]
            # Full jitter, 0.05 to 0.8 s at most.
            time.sleep(random.uniform(0, 0.05 * 2**attempt))
        raise Unavailable(f"{len(entries)} messages could not be sent.")
