"""Physical names, ARNs and URLs: what ``Ref`` and ``GetAtt`` give on one machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

REGION = "us-east-1"
ACCOUNT = "123456789012"  # the account of every caller whose key moto does not know
ACCESS_KEY = "local"  # and its secret: nobody is kept out by it


class UnknownAttribute(Exception):
    """A resource has no such attribute on one machine."""


class Named(Protocol):
    """A resource, as far as its name goes."""

    @property
    def id(self) -> str:
        """The logical id."""

    @property
    def type(self) -> str:
        """The CloudFormation type."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """The properties, intrinsics unresolved."""


Resolve = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the stack lives: its name and the URL of the embedded AWS."""

    aws_url: str
    stack: str = "fanfold"
    region: str = REGION
    account: str = ACCOUNT

    def pseudo(self, name: str) -> str:
        """Return a pseudo parameter (``AWS::Region`` …); raise KeyError for an unknown one."""
        return {
            "AWS::AccountId": self.account,
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::StackId": self.arn("cloudformation", f"stack/{self.stack}/local"),
            "AWS::StackName": self.stack,
            "AWS::URLSuffix": "amazonaws.com",
        }[name]

    def arn(self, service: str, thing: str) -> str:
        """Return an ARN in this region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{thing}"


_NAME_PROPERTY = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Events::Rule": "Name",
    "AWS::Serverless::Function": "FunctionName",
}
_ARN = {
    "AWS::DynamoDB::Table": ("dynamodb", "table/{}"),
    "AWS::SQS::Queue": ("sqs", "{}"),
    "AWS::Events::Rule": ("events", "rule/{}"),
    "AWS::Serverless::Function": ("lambda", "function:{}"),
    "AWS::Serverless::LayerVersion": ("lambda", "layer:{}:1"),
}


def physical_name(place: Place, resource: Named, resolve: Resolve) -> str:
    """Return the name a resource gives itself, or one made of the stack's and its logical id."""
    own = resource.properties.get(_NAME_PROPERTY.get(resource.type, ""))
    if own is not None:
        return str(resolve(own))
    made = f"{place.stack}-{resource.id}"
    return made.lower() if resource.type == "AWS::S3::Bucket" else made


def arn(place: Place, resource: Named, resolve: Resolve) -> str:
    """Return a resource's ARN; raise UnknownAttribute where it has none here."""
    name = physical_name(place, resource, resolve)
    if resource.type == "AWS::S3::Bucket":
        return f"arn:aws:s3:::{name}"
    try:
        service, thing = _ARN[resource.type]
    except KeyError:
        raise UnknownAttribute("Arn") from None
    return place.arn(service, thing.format(name))


def reference(place: Place, resource: Named, resolve: Resolve) -> str:
    """Return what ``Ref`` gives."""
    name = physical_name(place, resource, resolve)
    if resource.type == "AWS::SQS::Queue":
        return f"{place.aws_url}/{place.account}/{name}"
    if resource.type == "AWS::Serverless::LayerVersion":
        return arn(place, resource, resolve)
    return name


def attribute(place: Place, resource: Named, wanted: str, resolve: Resolve) -> str:
    """Return what ``GetAtt`` gives; raise UnknownAttribute for what is not known here."""
    if wanted == "Arn":
        return arn(place, resource, resolve)
    if resource.type == "AWS::SQS::Queue" and wanted == "QueueName":
        return physical_name(place, resource, resolve)
    if resource.type == "AWS::SQS::Queue" and wanted == "QueueUrl":
        return reference(place, resource, resolve)
    raise UnknownAttribute(wanted)
