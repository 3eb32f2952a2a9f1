"""boto3 clients of the embedded AWS that the user's own AWS configuration cannot reach."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3
import botocore.session
from botocore.config import Config

from infra.template.names import ACCESS_KEY, Place

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_ISOLATED = {
    # (name in the config file, name in the environment, default, conversion)
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def isolated(region: str | None = None) -> boto3.Session:
    """Return a session that knows nothing of the user's profiles, files and credentials."""
    return boto3.Session(
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=ACCESS_KEY,
        region_name=region,
        botocore_session=botocore.session.Session(session_vars=_ISOLATED),
    )


class Clients:
    """Makes clients. ``connections`` is how many requests may be under way at once.

    They do not retry: the embedded AWS answers or is gone.
    """

    def __init__(self, place: Place, connections: int = 10) -> None:
        self._session = isolated(place.region)
        self._url = place.aws_url
        self._config = Config(
            max_pool_connections=connections,
            proxies={},  # whatever the environment says: this is loopback
            retries={"total_max_attempts": 1},
        )

    def s3(self) -> S3Client:
        """Return a client of S3; also its forms and links are signed as new regions ask for."""
        config = self._config.merge(Config(signature_version="s3v4"))
        return self._session.client("s3", endpoint_url=self._url, config=config)

    def dynamodb(self) -> DynamoDBClient:
        """Return a client of DynamoDB."""
        return self._session.client("dynamodb", endpoint_url=self._url, config=self._config)

    def sqs(self) -> SQSClient:
        """Return a client of SQS."""
        return self._session.client("sqs", endpoint_url=self._url, config=self._config)

    def events(self) -> EventBridgeClient:
        """Return a client of EventBridge."""
        return self._session.client("events", endpoint_url=self._url, config=self._config)
