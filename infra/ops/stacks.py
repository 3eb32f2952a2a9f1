"""A deployed stack as CloudFormation tells of it, with what it nests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_STACK = "AWS::CloudFormation::Stack"
_WITH_ITS_FUNCTION = "AWS::Lambda::Version"
"""Retained by SAM so that an alias can go back; it goes with its function all the same."""


class NoSuchStack(Exception):
    """There is no stack of this name here, or these credentials may not see it."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: logical id, type, what it is really called, whether it outlives its stack."""

    id: str
    type: str
    name: str
    retained: bool


def outputs(client: CloudFormationClient, stack: str) -> dict[str, str]:
    """Return a stack's outputs; raise NoSuchStack."""
    return {o["OutputKey"]: o["OutputValue"] for o in describe(client, stack).get("Outputs", [])}


def describe(client: CloudFormationClient, stack: str) -> Mapping[str, Any]:
    """Return what CloudFormation says of a stack; raise NoSuchStack."""
    try:
        [found] = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        raise NoSuchStack(str(error)) from error
    return dict(found)


def resources(client: CloudFormationClient, stack: str) -> Iterator[Resource]:
    """Yield every resource of a stack and of the stacks in it."""
    policies = _deletion_policies(client, stack)
    for page in client.get_paginator("list_stack_resources").paginate(StackName=stack):
        for found in page["StackResourceSummaries"]:
            name, kind = found["LogicalResourceId"], found["ResourceType"]
            physical = found.get("PhysicalResourceId", "")
            kept = policies.get(name, "Delete") != "Delete" and kind != _WITH_ITS_FUNCTION
            yield Resource(name, kind, physical, kept)
            if kind == _STACK and physical:
                yield from resources(client, physical)


def _deletion_policies(client: CloudFormationClient, stack: str) -> dict[str, str]:
    body: Any = client.get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]
    template = body if isinstance(body, dict) else _parsed(body)
    return {n: r.get("DeletionPolicy", "Delete") for n, r in template["Resources"].items()}


class _Loader(yaml.SafeLoader):
    """YAML whose short intrinsics mean nothing here."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def _parsed(body: str) -> dict[str, Any]:
    return dict(json.loads(body) if body.lstrip().startswith("{") else yaml.load(body, _Loader))
