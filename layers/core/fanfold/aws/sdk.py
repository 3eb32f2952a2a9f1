"""How the SDK's clients are made and what its errors become."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from fanfold.errors import Unavailable

CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 5},
    connect_timeout=5,
    read_timeout=20,
    max_pool_connections=16,
)

# Regional addresses, so that presigned links to new buckets are not redirected.
S3_CONFIG = CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))

# What heals by itself: throttles and faults of the service, by error code.
_HEALS = frozenset(
    {
        "ConditionalRequestConflict",  # somebody writes the object: who comes later finds out
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "KMSThrottlingException",
        "LimitExceededException",
        "OverLimit",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_SERVER_FAULT = 500


def code_of(error: ClientError) -> str:
    """Return the service's error code (``NoSuchKey``, ``404``, …)."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def healing() -> Iterator[None]:
    """Turn what may heal into Unavailable; let denials and mistakes of ours through as they are."""
    try:
        yield
    except ClientError as error:
        if _heals(error):
            raise Unavailable from error
        raise
    except Boto3Error as error:
        # What moves files says in words of its own what became of one of its requests.
        refused = error.__context__
        if isinstance(refused, ClientError) and not _heals(refused):
            raise refused from error
        raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error


def _heals(error: ClientError) -> bool:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return status >= _SERVER_FAULT or code_of(error) in _HEALS
