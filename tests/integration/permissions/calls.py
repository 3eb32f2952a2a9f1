"""What a call of the SDK asks IAM for, and whether a role grants it.

From AWS's service authorization reference. Conditions are not modelled; a rule of
`tests/infra` holds the one that our roles have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.infra.stack import Stack

STACK_NAME = "fanfold"
REGION = "eu-central-1"
ACCOUNT = "123456789012"
BUCKET = "fanfold-bucket"
DERIVED_BUCKET = "fanfold-derivedbucket"
TABLE = "fanfold-table"

_VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "Stack": STACK_NAME,
    "Bucket": BUCKET,
    "DerivedBucket": DERIVED_BUCKET,
    "TableArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}",
}
_READS = {"GetObject", "HeadObject"}
_WRITES = {"PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"}
_COPIES = {"CopyObject", "UploadPartCopy"}


@dataclass(frozen=True, slots=True)
class Need:
    """One action on one resource."""

    action: str
    resource: str


def needs(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[Need]:
    """Yield what a call needs."""
    if service == "dynamodb":
        yield from _dynamodb(operation, params)
    elif service == "sqs":
        action = {"SendMessageBatch": "SendMessage"}.get(operation, operation)
        name = params["QueueUrl"].rpartition("/")[2]
        yield Need(f"sqs:{action}", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
    else:
        yield from _s3(operation, params)


def _dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[Need]:
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    yield Need(f"dynamodb:{operation}", _VALUES["TableArn"] + index)


def _s3(operation: str, params: Mapping[str, Any]) -> Iterator[Need]:
    if operation in _READS:
        yield _read(params)
    elif operation in _WRITES:
        yield _on_object("PutObject", params)
    elif operation in _COPIES:
        yield _read(params["CopySource"])
        yield _on_object("PutObject", params)
    elif operation == "DeleteObjects":
        for thing in params["Delete"]["Objects"]:
            version = "Version" if "VersionId" in thing else ""
            yield _on_object(f"DeleteObject{version}", {**params, **thing})
    elif operation == "DeleteObject":
        version = "Version" if "VersionId" in params else ""
        yield _on_object(f"DeleteObject{version}", params)
    elif operation == "ListObjectsV2":
        yield Need("s3:ListBucket", f"arn:aws:s3:::{params['Bucket']}")
    elif operation != "CreateBucket":  # as which botocore announces a presigned POST
        assert operation == "ListObjectVersions", operation
        yield Need("s3:ListBucketVersions", f"arn:aws:s3:::{params['Bucket']}")


def _read(params: Mapping[str, Any]) -> Need:
    version = "Version" if params.get("VersionId") else ""
    return _on_object(f"GetObject{version}", params)


def _on_object(action: str, params: Mapping[str, Any]) -> Need:
    return Need(f"s3:{action}", f"arn:aws:s3:::{params['Bucket']}/{params['Key']}")


def granted(stack: Stack, function: str) -> Iterator[Need]:
    """Yield what a function's role grants; resources as patterns."""
    for actions, resources in stack.allowed(stack.role_of(function)):
        for resource in resources:
            for action in actions:
                yield Need(action, _spelt_out(resource))


def attached(stack: Stack, function: str) -> Iterator[Need]:
    """Yield what its role is granted of objects by policies that it shares with others."""
    for actions, resources in stack.attached(stack.role_of(function)):
        for action in actions:
            if action.startswith("s3:"):
                for resource in resources:
                    yield Need(action, _spelt_out(resource))


def covers(grant: Need, need: Need) -> bool:
    """Return whether a grant is enough for a need."""
    return grant.action == need.action and fnmatchcase(need.resource, grant.resource)


def _spelt_out(resource: Mapping[str, str]) -> str:
    if "Ref" in resource:
        return _VALUES[resource["Ref"]]
    return re.sub(r"\$\{([\w:]+)\}", lambda match: _VALUES[match[1]], resource["Fn::Sub"])
