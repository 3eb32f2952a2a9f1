"""Where Lambda's events meet the stages: SQS records in, batch response out.

The one place that maps errors to SQS: what was raised makes its record visible again (and after
maxReceiveCount a dead letter); everything else is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="fanfold")
"""The one logger; functions add their own keys. Never document text, names, links or tokens."""


def each_record(
    event: dict[str, Any], context: LambdaContext, stage: Callable[[SQSRecord], object]
) -> dict[str, Any]:
    """Run ``stage`` on every SQS record and report those that raised.

    With a batch size of 1 every bad page would be a bad batch, and Lambda would cut the
    mapping's concurrency; so a batch that failed as a whole is reported, not raised.
    """
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(
        process_partial_response(
            event=event,
            record_handler=lambda record: _logged(record, stage),
            processor=processor,
            context=context,
        )
    )


def _logged(record: SQSRecord, stage: Callable[[SQSRecord], object]) -> None:
    try:
        stage(record)
    except Exception:
        logger.exception("record failed", message_id=record.message_id, receives=receives(record))
        raise


def receives(record: SQSRecord) -> int:
    """Return how often this record was delivered, counting this time."""
    return int(record.attributes.approximate_receive_count or 1)


def step_of(record: SQSRecord) -> str:
    """Return the step whose dead-letter queue a record comes from.

    Queues are named ``{stack}-{step}-dead`` in template.yaml.
    """
    return record.event_source_arn.removesuffix("-dead").rpartition("-")[2]
