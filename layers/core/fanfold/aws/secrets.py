"""Secrets as objects that KMS encrypts; S3 asks it, so that no function needs a way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from fanfold.aws.sdk import code_of, healing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = "NoSuchKey"


class S3Secrets:
    """In the bucket without versions, where what is deleted is gone.

    ``key`` is the stack's KMS key; empty where it has none: then it is the account's key for S3.
    """

    def __init__(self, client: S3Client, bucket: str, key: str) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key

    def put(self, key: str, secret: str) -> None:
        """Keep a secret."""
        by: Any = {"SSEKMSKeyId": self._key} if self._key else {}
        with healing():
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=secret.encode(),
                ServerSideEncryption="aws:kms",
                **by,
            )

    def get(self, key: str) -> str | None:
        """Return what is kept, if anything."""
        try:
            with healing():
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
                return answer["Body"].read().decode()
        except ClientError as error:
            if code_of(error) == _ABSENT:
                return None
            raise

    def forget(self, key: str) -> None:
        """Keep nothing."""
        with healing():
            self._client.delete_object(Bucket=self._bucket, Key=key)
