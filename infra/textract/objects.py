"""Where documents lie that are named as objects of S3: in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import ClientError, ParamValidationError

from infra.textract.endpoint import Endpoint
from infra.textract.errors import missing
from infra.textract.requests import Place

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from mypy_boto3_s3 import S3Client


class Objects:
    """Objects of S3."""

    def __init__(self, s3: S3Client) -> None:
        self._s3 = s3

    def fetch(self, place: Place, target: BinaryIO) -> None:
        """Write an object to ``target``; raise TextractError where it cannot be had."""
        version = {"VersionId": place.version} if place.version else {}
        try:
            self._s3.download_fileobj(place.bucket, place.name, target, ExtraArgs=version or None)
        except (ClientError, ParamValidationError):
            raise missing(f"There is no object s3://{place.bucket}/{place.name}.") from None

    def put(self, bucket: str, name: str, data: bytes) -> None:
        """Store an object; raise TextractError where that cannot be."""
        try:
            self._s3.put_object(Bucket=bucket, Key=name, Body=data)
        except (ClientError, ParamValidationError):
            raise missing(f"s3://{bucket}/{name} cannot be written.") from None


def over_s3(application: WSGIApplication, url: str, s3: S3Client) -> Endpoint:
    """Return the endpoint of a service whose documents lie in S3."""
    return Endpoint(application, url, Objects(s3))
