"""Passwords as objects that KMS encrypts; S3 asks it, so that no function needs a way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from fanfold import keys
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

    def put(self, document: str, run: int, password: str) -> None:
        """Keep the password that a run opens the file with."""
        key: Any = {"SSEKMSKeyId": self._key} if self._key else {}
        with healing():
            self._client.put_object(
                Bucket=self._bucket,
                Key=keys.password(document, run),
                Body=password.encode(),
                ServerSideEncryption="aws:kms",
                **key,
            )

    def get(self, document: str, run: int) -> str | None:
        """Return what is kept, if anything."""
        try:
            with healing():
                key = keys.password(document, run)
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
                return answer["Body"].read().decode()
        except ClientError as error:
            if code_of(error) == _ABSENT:
                return None
            raise

    def forget(self, document: str, run: int) -> None:
        """Keep nothing."""
        with healing():
            self._client.delete_object(Bucket=self._bucket, Key=keys.password(document, run))
