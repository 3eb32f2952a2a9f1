"""What AWS says of an account and region. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import boto3

LINKED_ROLES: Mapping[str, str] = {
    "AWSServiceRoleForAPIGateway": "ops.apigateway.amazonaws.com",
}
"""Roles that a service makes for itself, if whoever deploys may let it: name, and the service."""


@dataclass(frozen=True, slots=True)
class Zone:
    """An availability zone: its name, which is the account's own, and its id, which is AWS's."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account in a region.

    ``concurrency`` is how many functions run at once that have nothing reserved; ``zones`` are in
    the order in which CloudFormation counts them; ``sqs_zones`` are names of those in which SQS
    has an endpoint; ``log_role`` is API Gateway's, empty where there is none.
    """

    region: str
    concurrency: int
    zones: tuple[Zone, ...]
    sqs_zones: frozenset[str]
    log_role: str
    linked_roles: frozenset[str]


def read(session: boto3.Session) -> Account:
    """Ask AWS; raise what botocore raises."""
    limits = session.client("lambda").get_account_settings()["AccountLimit"]
    return Account(
        region=session.region_name,
        concurrency=limits["UnreservedConcurrentExecutions"],
        zones=_zones(session),
        sqs_zones=frozenset(_sqs_zones(session)),
        log_role=session.client("apigateway").get_account().get("cloudwatchRoleArn", ""),
        linked_roles=frozenset(_linked_roles(session)),
    )


def _zones(session: boto3.Session) -> tuple[Zone, ...]:
    found = session.client("ec2").describe_availability_zones(
        Filters=[
            {"Name": "zone-type", "Values": ["availability-zone"]},
            {"Name": "state", "Values": ["available"]},
        ]
    )
    zones = [Zone(one["ZoneName"], one["ZoneId"]) for one in found["AvailabilityZones"]]
    return tuple(sorted(zones, key=lambda zone: zone.name))


def _sqs_zones(session: boto3.Session) -> list[str]:
    service = f"com.amazonaws.{session.region_name}.sqs"
    found = session.client("ec2").describe_vpc_endpoint_services(ServiceNames=[service])
    return [zone for one in found["ServiceDetails"] for zone in one["AvailabilityZones"]]


def _linked_roles(session: boto3.Session) -> Iterator[str]:
    client = session.client("iam")
    for name in LINKED_ROLES:
        try:
            client.get_role(RoleName=name)
        except client.exceptions.NoSuchEntityException:
            continue
        yield name
