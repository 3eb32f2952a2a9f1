"""Where Lambda's events meet the stages: SQS records in, batch response out; requests; the clock.

The one place that maps errors to SQS: what was raised makes its record visible again (and after
maxReceiveCount a dead letter); everything else is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import messages, telemetry
from fanfold.errors import ServiceError
from fanfold.telemetry import failed, logger, note

__all__ = [
    "authorization",
    "each_record",
    "failed",
    "note",
    "on_the_clock",
    "receives",
    "request",
    "step_of",
]

_DEAD = "-dead"
_DOCUMENT = re.compile(r"/documents/([0-9a-f]{32})(?=/|$)")


def each_record(
    event: dict[str, Any], context: LambdaContext, stage: Callable[[SQSRecord], object]
) -> dict[str, Any]:
    """Run ``stage`` on every SQS record and report those that raised.

    With a batch size of 1 every bad page would be a bad batch, and Lambda would cut the
    mapping's concurrency; so a batch that failed as a whole is reported, not raised.
    """
    step = _step(event)
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    with telemetry.invocation(step, context):
        return dict(
            process_partial_response(
                event=event,
                record_handler=lambda record: _observed(step, record, stage),
                processor=processor,
                context=context,
            )
        )


def _observed(step: str, record: SQSRecord, stage: Callable[[SQSRecord], object]) -> None:
    about = messages.subject(record.body)
    with telemetry.work(step, message_id=record.message_id, receives=receives(record), **about):
        try:
            stage(record)
        except Exception as error:
            telemetry.meter.record_failed(step)
            failed("record failed", error)
            raise
        logger.info("record done")


def request(
    event: dict[str, Any], context: LambdaContext, answer: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Answer one HTTP request. ``request_id`` is also the one in the API's access log."""
    about = {"request_id": event.get("requestContext", {}).get("requestId", "")}
    if named := _DOCUMENT.search(event.get("path") or ""):
        about["document_id"] = named[1]
    with telemetry.invocation("api", context), telemetry.work("api", **about):
        answered = answer()
        logger.info(
            "request answered", method=event.get("httpMethod"), status=answered["statusCode"]
        )
        return answered


def authorization(
    event: dict[str, Any], context: LambdaContext, answer: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Answer API Gateway's question about a caller. Raises ServiceError without a cause.

    Nothing of the request is logged: its token least of all.
    """
    with telemetry.invocation("authorize", context), telemetry.work("authorize"):
        try:
            return answer()
        except Exception as error:
            failed("caller not looked up", error)
            raise ServiceError from None


def on_the_clock(step: str, context: LambdaContext, stage: Callable[[], int]) -> None:
    """Run what the clock calls, and log how many documents it had to do with.

    Raises ServiceError without a cause: what is raised here, Lambda writes into the log whole.
    """
    with telemetry.invocation(step, context), telemetry.work(step):
        try:
            logger.info("clock answered", documents=stage())
        except Exception as error:
            failed("clock not answered", error)
            raise ServiceError from None


def receives(record: SQSRecord) -> int:
    """Return how often this record was delivered, counting this time."""
    return int(record.attributes.approximate_receive_count or 1)


def step_of(record: SQSRecord) -> str:
    """Return the step whose queue, or whose dead-letter queue, a record comes from.

    Queues are named ``{stack}-{step}`` and ``{stack}-{step}-dead`` in template.yaml.
    """
    return record.event_source_arn.removesuffix(_DEAD).rpartition("-")[2]


def _step(event: dict[str, Any]) -> str:
    """Return the name of the function that these records are for."""
    first = SQSRecord(event["Records"][0])
    return "lost" if first.event_source_arn.endswith(_DEAD) else step_of(first)
