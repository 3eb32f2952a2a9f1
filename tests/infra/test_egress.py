"""What functions reach and what reaches them, for every choice of the network's parameters."""

from __future__ import annotations

import ipaddress
from itertools import product

import pytest

from tests.infra.deployed import Templates
from tests.infra.egress import OUTSIDE, reach
from tests.infra.exposure import exposed

TEMPLATES = Templates.load()
NAT = ["none", "single", "per-az"]
CHOICES = [
    {"Nat": nat, "Zones": zones, "InterfaceEndpoints": endpoints}
    for nat, zones, endpoints in product(NAT, ["2", "3"], ["sqs", "sqs+telemetry"])
]
ENDPOINTS = {"s3 of this account", "dynamodb of this account", "sqs of this account"}
TELEMETRY = {"logs of this account", "xray of this account"}
OUTBOUND = {
    "SubnetIds": {"Fn::Split": [",", {"Fn::GetAtt": ["Network", "Outputs.OutboundSubnets"]}]},
    "SecurityGroupIds": [{"Fn::GetAtt": ["Network", "Outputs.OutboundGroup"]}],
}
OWN_VPC = {"VpcId": "vpc-1", "SubnetIds": "subnet-1,subnet-2", "EndpointGroupId": "sg-endpoints"}
OWN_GROUPS = {"SubnetIds": "subnet-1,subnet-2", "SecurityGroupIds": "sg-own"}

CALLS_OUT = TEMPLATES.changed("", "Resources/PageFunction/Properties/VpcConfig", OUTBOUND)
"""As if reading a page had to call somebody."""


def named(value: object) -> str:
    return "-".join(value.values()) if isinstance(value, dict) else ""


@pytest.mark.parametrize("chosen", CHOICES, ids=named)
def test_every_function_reaches_what_it_works_with_and_nothing_else(chosen: dict[str, str]) -> None:
    names = "names of AWS" if chosen["Nat"] == "none" else "anybody's names"
    telemetry = TELEMETRY if chosen["InterfaceEndpoints"] == "sqs+telemetry" else set()
    reached = reach(TEMPLATES.deploy(chosen))
    assert len(reached) >= 8
    assert set(reached.values()) == {frozenset({*ENDPOINTS, *telemetry, names})}


@pytest.mark.parametrize(("nat", "zones"), [("single", "2"), ("single", "3")])
def test_a_function_that_calls_out_reaches_https_through_the_one_nat(nat: str, zones: str) -> None:
    reached = reach(CALLS_OUT.deploy({"Nat": nat, "Zones": zones}))
    internet = "0.0.0.0/0:443 through fanfold-Nat1"
    assert reached["Page"] == {*ENDPOINTS, "anybody's names", internet}
    assert reached["Split"] == {*ENDPOINTS, "anybody's names"}


@pytest.mark.parametrize("zones", ["2", "3"])
def test_a_function_that_calls_out_does_so_through_the_nat_of_its_zone(zones: str) -> None:
    reached = reach(CALLS_OUT.deploy({"Nat": "per-az", "Zones": zones}))
    nats = {f"0.0.0.0/0:443 through fanfold-Nat{zone + 1}" for zone in range(int(zones))}
    assert reached["Page"] == {*ENDPOINTS, "anybody's names", *nats}


def test_a_zone_that_is_lost_takes_no_other_zones_nat_along() -> None:
    network = TEMPLATES.deploy({"Nat": "per-az", "Zones": "3"}).children["Network"]
    zones = {name: has["AvailabilityZone"] for name, has in network.of("AWS::EC2::Subnet")}
    tables = {
        has["SubnetId"]: has["RouteTableId"]
        for _, has in network.of("AWS::EC2::SubnetRouteTableAssociation")
    }
    ways = {has["RouteTableId"]: has for _, has in network.of("AWS::EC2::Route")}
    nats = {name: zones[has["SubnetId"]] for name, has in network.of("AWS::EC2::NatGateway")}
    outbound = [subnet for subnet in zones if "Outbound" in subnet]
    assert len(outbound) == len(nats) == 3
    for subnet in outbound:
        assert nats[ways[tables[subnet]]["NatGatewayId"]] == zones[subnet]


def test_without_nat_there_is_no_way_out_to_be_misused() -> None:
    made = set(TEMPLATES.deploy().children["Network"].made().values())
    ways = {"InternetGateway", "NatGateway", "Route", "EIP", "VPCGatewayAttachment", "VPNGateway"}
    assert not made & {f"AWS::EC2::{way}" for way in ways}


def test_outside_of_a_vpc_nothing_holds_a_function_back() -> None:
    assert set(reach(TEMPLATES.deploy({"NetworkMode": "none"})).values()) == {OUTSIDE}


def test_in_a_vpc_of_ones_own_routes_decide_how_far_the_sealed_group_leads() -> None:
    reached = set(reach(TEMPLATES.deploy(OWN_VPC)).values())
    targets = {"pl-63a5400a", "pl-02cd2c6b", "sg-endpoints"}
    assert reached == {frozenset(f"{target} by your routes" for target in targets)}


def test_groups_of_ones_own_are_taken_as_they_are() -> None:
    deployment = TEMPLATES.deploy(OWN_GROUPS)
    assert "Network" not in deployment.children
    assert set(reach(deployment).values()) == {frozenset({"what sg-own of your own lets through"})}


@pytest.mark.parametrize("chosen", [*CHOICES, {"NetworkMode": "none"}, OWN_VPC], ids=named)
def test_nothing_answers_the_internet_but_the_api(chosen: dict[str, str]) -> None:
    assert exposed(TEMPLATES.deploy(chosen)) == {"Api"}


@pytest.mark.parametrize("nat", NAT)
def test_subnets_do_not_overlap_and_lie_in_the_vpc(nat: str) -> None:
    given = {"Nat": nat, "Zones": "3", "VpcCidr": "172.20.16.0/20"}
    network = TEMPLATES.deploy(given).children["Network"]
    blocks = [ipaddress.ip_network(has["CidrBlock"]) for _, has in network.of("AWS::EC2::Subnet")]
    whole = ipaddress.ip_network(given["VpcCidr"])
    assert len(blocks) == {"none": 3, "single": 7, "per-az": 9}[nat]
    assert all(block.subnet_of(whole) for block in blocks)
    assert not any(a.overlaps(b) for a in blocks for b in blocks if a is not b)


_SEALED = "Resources/SealedGroup/Properties/SecurityGroupEgress"
_ANYWHERE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
_TO_NAT = {"Ref": "OutboundRoutes1"}
_MOVED = "Resources/SealedSubnet1Routes/Properties/RouteTableId"
_S3_POLICY = "Resources/S3Endpoint/Properties/PolicyDocument/Statement/0"

LEAKS = {
    "a route, and a group that lets out": (
        {"Nat": "single"},
        [("Network", _MOVED, _TO_NAT), ("Network", f"{_SEALED}/0", _ANYWHERE)],
        {"0.0.0.0/0:443 through fanfold-Nat1"},
    ),
    "a route, and no endpoint": (
        {"Nat": "single"},
        [
            ("Network", _MOVED, _TO_NAT),
            ("Network", "Resources/S3Endpoint/Properties/RouteTableIds", []),
        ],
        {"pl-63a5400a:443 through fanfold-Nat1"},
    ),
    "a group that lets everything out, for want of rules": (
        {"Nat": "single"},
        [("Network", _MOVED, _TO_NAT), ("Network", _SEALED, None)],
        {"0.0.0.0/0:any through fanfold-Nat1"},
    ),
    "the VPC's other members": (
        {},
        [("Network", f"{_SEALED}/0/CidrIp", "10.90.0.0/16")],
        {"10.90.0.0/16:443 within the VPC"},
    ),
    "another group": (
        {},
        [("Network", f"{_SEALED}/0/DestinationSecurityGroupId", "sg-database")],
        {"members of sg-database:443"},
    ),
    "an endpoint without a policy": (
        {},
        [("Network", "Resources/S3Endpoint/Properties/PolicyDocument", None)],
        {"s3 of anybody"},
    ),
    "an endpoint to anybody's buckets": (
        {},
        [
            (
                "Network",
                f"{_S3_POLICY}/Condition/StringEquals",
                {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}},
            )
        ],
        {"s3 of anybody"},
    ),
    "an endpoint for anybody's credentials": (
        {},
        [("Network", f"{_S3_POLICY}/Condition/StringEquals/aws:PrincipalAccount", None)],
        {"s3 of anybody"},
    ),
    "names without a filter": (
        {},
        [("Network", "Resources/NameSeal", None)],
        {"anybody's names"},
    ),
    "names that are let through before the filter": (
        {},
        [("Network", "Resources/NamesOfAws/Properties/Domains", ["*.example.org"])],
        {"anybody's names"},
    ),
    "a function outside of the VPC": (
        {},
        [("", "Resources/PageFunction/Properties/VpcConfig", None)],
        set(OUTSIDE),
    ),
    "a function among those that call out": (
        {"Nat": "single"},
        [("", "Resources/PageFunction/Properties/VpcConfig", OUTBOUND)],
        {"0.0.0.0/0:443 through fanfold-Nat1"},
    ),
}


def changed(changes: list[tuple[str, str, object]]) -> Templates:
    templates = TEMPLATES
    for name, path, value in changes:
        templates = templates.changed(name, path, value)
    return templates


@pytest.mark.parametrize(
    "lock",
    [("Network", _MOVED, _TO_NAT), ("Network", f"{_SEALED}/0", _ANYWHERE)],
    ids=["routes", "group"],
)
def test_one_lock_that_fails_opens_nothing(lock: tuple[str, str, object]) -> None:
    tight, loose = (each.deploy({"Nat": "single"}) for each in (TEMPLATES, changed([lock])))
    assert reach(loose) == reach(tight)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_seen(leak: str) -> None:
    parameters, changes, more = LEAKS[leak]
    tight, leaky = reach(TEMPLATES.deploy(parameters)), reach(changed(changes).deploy(parameters))
    assert leaky["Page"] - tight["Page"] == more


@pytest.mark.parametrize(
    ("path", "value", "lost"),
    [
        ("Resources/S3Endpoint/Properties/RouteTableIds/0", None, "s3 of this account"),
        ("Resources/DynamoDbEndpoint", None, "dynamodb of this account"),
        ("Resources/SealedToEndpoints", None, "sqs of this account"),
        ("Resources/EndpointsFromSealed", None, "sqs of this account"),
        ("Resources/SqsEndpoint/Properties/PrivateDnsEnabled", False, "sqs of this account"),
        (f"{_SEALED}/0/ToPort", 442, "s3 of this account"),
    ],
)
def test_what_a_function_no_longer_reaches_is_seen(path: str, value: object, lost: str) -> None:
    before, after = reach(TEMPLATES.deploy()), reach(changed([("Network", path, value)]).deploy())
    assert before["Page"] - after["Page"] == {lost}


@pytest.mark.parametrize(
    ("name", "path", "value", "seen"),
    [
        (
            "Network",
            "Resources/SealedGroup/Properties/SecurityGroupIngress",
            [_ANYWHERE],
            "SealedGroup",
        ),
        (
            "Network",
            "Resources/EndpointsFromSealed/Properties/CidrIp",
            "0.0.0.0/0",
            "EndpointsFromSealed",
        ),
        (
            "Network",
            "Resources/SealedSubnet1/Properties/MapPublicIpOnLaunch",
            True,
            "SealedSubnet1",
        ),
        ("", "Resources/Door", {"Type": "AWS::Lambda::Url", "Properties": {}}, "Door"),
        ("", "Resources/Bucket/Properties/PublicAccessBlockConfiguration", None, "Bucket"),
        (
            "",
            "Resources/ApiFunctionHealthPermissionapi/Properties/Principal",
            "*",
            "ApiFunctionHealthPermissionapi",
        ),
        (
            "Permissions",
            "Resources/BucketPolicy/Properties/PolicyDocument/Statement/0",
            {"Effect": "Allow", "Principal": {"AWS": "*"}},
            "BucketPolicy",
        ),
    ],
)
def test_a_door_is_seen(name: str, path: str, value: object, seen: str) -> None:
    assert exposed(TEMPLATES.changed(name, path, value).deploy()) == {"Api", seen}
