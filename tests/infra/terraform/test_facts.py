"""CloudFormation and Terraform describe the same network and the same name: one table of facts.

Terraform's side was written down (facts.json); tests/integration/terraform computes it anew.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from infra.template import template as templates
from tests.infra.stack import ROOT
from tests.infra.terraform import from_template, record, things
from tests.infra.terraform.cases import CASES, Case
from tests.infra.terraform.resolved import Resolved
from tests.infra.terraform.things import Facts

NETWORK = templates.read(ROOT / "infra" / "aws" / "network.yaml")
DOMAIN = templates.read(ROOT / "infra" / "aws" / "domain.yaml")
RECORDED = record.recorded()
DIVERGED = (
    "infra/aws and infra/terraform say different things (template | terraform). Change both, then"
    " run make terraform-facts; see docs/terraform.md."
)


def facts(
    case: Case, network: Mapping[str, Any] = NETWORK, domain: Mapping[str, Any] = DOMAIN
) -> Facts:
    resolved = Resolved(network, case.network), Resolved(domain, case.domain)
    return things.table(from_template.things(*resolved))


def test_every_case_was_written_down() -> None:
    assert RECORDED.keys() == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_both_descriptions_say_the_same(name: str) -> None:
    assert things.differences(facts(CASES[name]), RECORDED[name]) == [], DIVERGED


def test_what_a_case_chooses_makes_a_difference() -> None:
    assert len({str(sorted(recorded.items())) for recorded in RECORDED.values()}) == len(CASES)


def test_defaults_are_the_same_without_being_named() -> None:
    declared = NETWORK["Parameters"]
    named = {
        name: declared[name]["Default"] for name in ("VpcCidr", "Zones", "Network", "FlowLogs")
    }
    case = Case({}, named, CASES["as it comes"].domain)
    assert things.differences(facts(case), RECORDED["as it comes"]) == []


ALL = "everything, primary"
_S3 = "S3Endpoint/PolicyDocument/Statement/0/"
_DYNAMODB = "DynamoDbEndpoint/PolicyDocument/Statement/0/"
_MAY = "FlowLogRole/Policies/0/PolicyDocument/Statement/0/"
_WHO = "FlowLogRole/AssumeRolePolicyDocument/Statement/0/"
BROKEN: list[tuple[str, object, str]] = [
    ("Vpc/CidrBlock", "10.91.0.0/20", "vpc: addresses"),
    ("Vpc/EnableDnsHostnames", False, "vpc: resolver, own names"),
    ("PrivateSubnet2/CidrBlock", "10.90.9.0/24", "subnet private-2: addresses"),
    ("PrivateSubnet2/AvailabilityZone", "eu-central-1b", "subnet private-2: zone"),
    ("PublicSubnet1/MapPublicIpOnLaunch", True, "subnet public-1: public addresses"),
    ("PrivateSubnet1Routes/RouteTableId", {"Ref": "PublicRoutes"}, "routes of private-1"),
    ("PrivateDefault3/NatGatewayId", {"Ref": "Nat1"}, "routes of private-3"),
    ("PrivateDefault1/DestinationCidrBlock", "10.0.0.0/8", "routes of private-1"),
    ("S3Endpoint/RouteTableIds", [{"Ref": "PrivateRoutes2"}], "routes of private-1"),
    ("Nat2/SubnetId", {"Ref": "PublicSubnet1"}, "nat 2"),
    ("SqsEndpoint/PrivateDnsEnabled", False, "endpoint sqs: type, private names"),
    ("SqsEndpoint/SubnetIds", [{"Ref": "PrivateSubnet1"}], "endpoint sqs: subnets, groups"),
    (_S3 + "Action/0", "s3:*", "endpoint s3: policy"),
    (_DYNAMODB + "Condition", {}, "endpoint dynamodb: policy"),
    ("SealedGroup/SecurityGroupEgress/0/FromPort", 0, "group sealed: out"),
    ("SealedGroup/SecurityGroupEgress/0/DestinationPrefixListId", "pl-1", "group sealed: out"),
    ("OutboundGroup/SecurityGroupEgress/0/CidrIp", "10.0.0.0/8", "group outbound: out"),
    ("EndpointsFromSealed/SourceSecurityGroupId", {"Ref": "OutboundGroup"}, "group endpoints: in"),
    ("EndpointGroup/SecurityGroupEgress/0/CidrIp", "0.0.0.0/0", "group endpoints: out"),
    ("FlowLog/TrafficType", "ACCEPT", "flow logs: traffic"),
    ("FlowLogGroup/RetentionInDays", 1, "flow logs: days, key"),
    (_MAY + "Action/0", "logs:*", "flow logs: what they may"),
    (_WHO + "Condition", {}, "flow logs: who may write"),
    ("Name/SecurityPolicy", "TLS_1_0", "domain: tls"),
    ("Name/EndpointConfiguration/Types", ["EDGE"], "domain: types"),
    ("Certificate/ValidationMethod", "EMAIL", "certificate"),
    ("AddressV6/Type", "CNAME", "record AAAA: name"),
    ("Address/Failover", "SECONDARY", "record A: failover"),
    ("Address/AliasTarget/DNSName", "elsewhere.example", "record A: alias"),
    ("Health/HealthCheckConfig/ResourcePath", "/", "health check: path"),
]


@pytest.mark.parametrize(("path", "value", "fact"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_description_that_was_changed_alone_is_noticed(
    path: str, value: object, fact: str
) -> None:
    network, domain = copy.deepcopy(NETWORK), copy.deepcopy(DOMAIN)
    resource, _, rest = path.partition("/")
    changed = network if resource in network["Resources"] else domain
    put(changed["Resources"][resource]["Properties"], rest, value)
    found = things.differences(facts(CASES[ALL], network, domain), RECORDED[ALL])
    assert any(difference.startswith(f"{fact}: ") for difference in found), found


def test_the_filter_of_names_is_compared_where_it_is_made() -> None:
    network = copy.deepcopy(NETWORK)
    put(network["Resources"]["NamesAllowed"]["Properties"], "Domains", ["*"])
    found = things.differences(facts(CASES["as it comes"], network), RECORDED["as it comes"])
    assert [difference.partition(":")[0] for difference in found] == ["names"]


def test_a_resource_that_nobody_compares_is_noticed() -> None:
    network = copy.deepcopy(NETWORK)
    network["Resources"]["Peering"] = {"Type": "AWS::EC2::VPCPeeringConnection"}
    with pytest.raises(AssertionError, match="Peering is of a type that nobody compares"):
        facts(CASES[ALL], network)


@pytest.mark.parametrize(
    "gone", ["SqsEndpoint", "PrivateDefault2", "AddressV6", "EndpointsFromSealed"]
)
def test_a_resource_that_went_missing_is_noticed(gone: str) -> None:
    network, domain = copy.deepcopy(NETWORK), copy.deepcopy(DOMAIN)
    for document in (network, domain):
        document["Resources"].pop(gone, None)
    assert things.differences(facts(CASES[ALL], network, domain), RECORDED[ALL])


def put(node: Any, path: str, value: object) -> None:
    """Set the value at a path; all but its last step must exist."""
    *way, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    for step in way:
        node = node[step]
    node[last] = value
