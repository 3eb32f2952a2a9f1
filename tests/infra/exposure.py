"""What can be reached from the internet, computed from the templates."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from tests.infra.deployed import Evaluated
from tests.infra.stack import as_list

ALWAYS_OPEN = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::CloudFront::Distribution",
    "AWS::EC2::Instance",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::Lambda::Url",
)
"""Each has an address that anybody may call; whom it lets in is another question."""
POLICIES = {
    "AWS::Lambda::Permission": lambda has: [{**has, "Effect": "Allow"}],
    "AWS::S3::BucketPolicy": lambda has: has["PolicyDocument"]["Statement"],
    "AWS::SNS::TopicPolicy": lambda has: has["PolicyDocument"]["Statement"],
    "AWS::SQS::QueuePolicy": lambda has: has["PolicyDocument"]["Statement"],
}
BLOCK = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)


def exposed(deployment: Evaluated) -> set[str]:
    """Return the logical ids of what answers, or would answer, somebody on the internet."""
    found: set[str] = set()
    for template in (deployment, *deployment.children.values()):
        for names in (_addresses, _groups, _subnets, _policies, _buckets):
            found |= {name.removeprefix("fanfold-") for name in names(template)}
    return found


def _addresses(template: Evaluated) -> Iterator[str]:
    for name, has in template.of(*ALWAYS_OPEN):
        if has.get("EndpointConfiguration", {}).get("Types") != ["PRIVATE"]:
            yield name
    used = {has["AllocationId"].partition(".")[0] for _, has in _nats(template)}
    yield from {name for name, _ in template.of("AWS::EC2::EIP")} - used


def _nats(template: Evaluated) -> Iterator[tuple[str, dict[str, Any]]]:
    return template.of("AWS::EC2::NatGateway")


def _groups(template: Evaluated) -> Iterator[str]:
    for name, has in template.of("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"):
        for rule in has.get("SecurityGroupIngress", [has]):
            blocks = [rule[key] for key in ("CidrIp", "CidrIpv6") if key in rule]
            if any(not ip_network(block).is_private or block.endswith("/0") for block in blocks):
                yield name


def _subnets(template: Evaluated) -> Iterator[str]:
    for name, has in template.of("AWS::EC2::Subnet"):
        if has.get("MapPublicIpOnLaunch"):
            yield name


def _policies(template: Evaluated) -> Iterator[str]:
    for kind, statements in POLICIES.items():
        for name, has in template.of(kind):
            if any(_lets_anybody(statement) for statement in statements(has)):
                yield name


def _lets_anybody(statement: dict[str, Any]) -> bool:
    principal = statement["Principal"]
    named = principal.values() if isinstance(principal, dict) else [principal]
    anybody = any("*" in as_list(each) for each in named)
    return statement["Effect"] == "Allow" and anybody and not statement.get("Condition")


def _buckets(template: Evaluated) -> Iterator[str]:
    for name, has in template.of("AWS::S3::Bucket"):
        block = has.get("PublicAccessBlockConfiguration", {})
        if not all(block.get(part) is True for part in BLOCK):
            yield name
