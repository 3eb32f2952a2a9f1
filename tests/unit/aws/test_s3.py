"""What S3 answers where the embedded one cannot: it refuses to delete single objects."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from fanfold.aws.s3 import S3Objects
from fanfold.errors import Unavailable


@pytest.mark.parametrize(
    ("code", "raised"), [("InternalError", Unavailable), ("AccessDenied", ClientError)]
)
def test_an_object_that_is_not_deleted_is_no_success(code, raised):
    client = boto3.client(
        "s3", "eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    refused = {"Key": "pages/d/1", "VersionId": "v", "Code": code, "Message": "no"}
    with Stubber(client) as s3, pytest.raises(raised):
        s3.add_response("delete_objects", {"Errors": [refused]})
        S3Objects(client, "bucket", "derived").delete("pages/d/1", "v")
