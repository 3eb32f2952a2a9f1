"""What functions reach and what reaches them, for every choice of the network's parameters."""

from __future__ import annotations

import ipaddress
from itertools import product

import pytest

from tests.infra.deployed import Templates
from tests.infra.egress import OUTSIDE, reach
from tests.infra.exposure import exposed

TEMPLATES = Templates.load()
WAYS_OUT = ["behind-nat", "behind-nat-sqs"]
IN_A_VPC = [*WAYS_OUT, "sealed"]
CHOICES = [
    {"Network": network, "Zones": zones, "NatPerZone": each}
    for network, zones, each in product(IN_A_VPC, ["2", "3"], ["false", "true"])
]
ENDPOINTS = {"s3 of this account", "dynamodb of this account", "sqs of this account"}
OUTBOUND = {
    "SubnetIds": {"Fn::Split": [",", {"Fn::GetAtt": ["NetworkStack", "Outputs.PrivateSubnets"]}]},
    "SecurityGroupIds": [{"Fn::GetAtt": ["NetworkStack", "Outputs.OutboundGroup"]}],
}
OWN_VPC = {"VpcId": "vpc-1", "SubnetIds": "subnet-1,subnet-2", "EndpointGroupId": "sg-endpoints"}
OWN_GROUPS = {"SubnetIds": "subnet-1,subnet-2", "SecurityGroupIds": "sg-own"}

CALLS_OUT = TEMPLATES.changed("", "Resources/PageFunction/Properties/VpcConfig", OUTBOUND)
"""As if reading a page had to call somebody."""


def named(value: object) -> str:
    return "-".join(value.values()) if isinstance(value, dict) else ""


def through_nats(chosen: dict[str, str]) -> set[str]:
    """Return HTTPS to anybody, through each of the gateways that a deployment has."""
    count = int(chosen["Zones"]) if chosen["NatPerZone"] == "true" else 1
    return {f"0.0.0.0/0:443 through fanfold-Nat{number + 1}" for number in range(count)}


def reached_by_all(chosen: dict[str, str]) -> set[str]:
    """Return what every function of Fanfold is to reach, and nothing else."""
    if chosen["Network"] == "behind-nat-sqs":  # SQS is among what the NAT leads to
        return {*ENDPOINTS - {"sqs of this account"}, "names of AWS", *through_nats(chosen)}
    return {*ENDPOINTS, "names of AWS"}


def test_functions_stand_behind_nat_unless_somebody_says_otherwise() -> None:
    first = TEMPLATES.deploy()
    assert first.parameters["Network"] == "behind-nat"
    network = first.children["NetworkStack"]
    ways = {has["RouteTableId"]: has for _, has in network.of("AWS::EC2::Route")}
    tables = {
        has["SubnetId"]: has["RouteTableId"]
        for _, has in network.of("AWS::EC2::SubnetRouteTableAssociation")
    }
    functions = dict(first.of("AWS::Lambda::Function"))
    assert len(functions) >= 8
    for has in functions.values():
        for subnet in has["VpcConfig"]["SubnetIds"]:
            way = ways[tables[subnet]]
            assert (way["DestinationCidrBlock"], way["NatGatewayId"]) == (
                "0.0.0.0/0",
                "fanfold-Nat1",
            )


@pytest.mark.parametrize("chosen", CHOICES, ids=named)
def test_every_function_reaches_what_it_works_with_and_nothing_else(chosen: dict[str, str]) -> None:
    reached = reach(TEMPLATES.deploy(chosen))
    assert len(reached) >= 8
    out = through_nats(chosen) if chosen["Network"] in WAYS_OUT else set()
    assert reached.pop("Notify") == reached_by_all(chosen) | out
    assert set(reached.values()) == {frozenset(reached_by_all(chosen))}


@pytest.mark.parametrize(
    "chosen", [one for one in CHOICES if one["Network"] in WAYS_OUT], ids=named
)
def test_a_function_that_calls_out_does_so_through_nat(chosen: dict[str, str]) -> None:
    reached = reach(CALLS_OUT.deploy(chosen))
    assert reached["Page"] == reached_by_all(chosen) | through_nats(chosen)
    assert reached["Split"] == reached_by_all(chosen)


@pytest.mark.parametrize(
    "chosen", [one for one in CHOICES if one["Network"] in WAYS_OUT], ids=named
)
def test_the_authorizer_alone_fetches_the_keys_of_another_issuer(chosen: dict[str, str]) -> None:
    issuer = {"ApiAuth": "jwt", "JwtIssuer": "x", "JwtAudience": "y", "Languages": "eng"}
    url = {"JwtKeysUrl": "https://people.example/keys"}
    plain, fetched = reached_by_all(chosen), {"names people.example"}
    for others, names in (("", fetched), ("a.example", {*fetched, "names a.example"})):
        given = {**chosen, **issuer, **url, "OutboundNames": others}
        reached = reach(TEMPLATES.deploy(given))
        out = plain | names | through_nats(chosen)
        assert (reached.pop("Authorize"), reached.pop("Notify")) == (out, out)
        assert set(reached.values()) == {frozenset(plain | names)}
    told = reach(TEMPLATES.deploy({**chosen, **issuer, "JwtKeys": "{}"}))
    del told["Notify"]
    assert set(told.values()) == {frozenset(plain)}


@pytest.mark.parametrize("network", IN_A_VPC)
def test_names_of_others_are_looked_up_when_they_are_asked_for(network: str) -> None:
    given = {"Network": network, "OutboundNames": "hooks.example.org,*.example.com"}
    more = {"names hooks.example.org", "names *.example.com"}
    for reached in reach(TEMPLATES.deploy(given)).values():
        assert {one for one in reached if one.startswith("names")} == {"names of AWS", *more}
    for reached in reach(TEMPLATES.deploy({**given, "OutboundNames": "*"})).values():
        assert "anybody's names" in reached


def test_a_zone_that_is_lost_takes_no_other_zones_nat_along() -> None:
    network = TEMPLATES.deploy({"NatPerZone": "true", "Zones": "3"}).children["NetworkStack"]
    zones = {name: has["AvailabilityZone"] for name, has in network.of("AWS::EC2::Subnet")}
    tables = {
        has["SubnetId"]: has["RouteTableId"]
        for _, has in network.of("AWS::EC2::SubnetRouteTableAssociation")
    }
    ways = {has["RouteTableId"]: has for _, has in network.of("AWS::EC2::Route")}
    nats = {name: zones[has["SubnetId"]] for name, has in network.of("AWS::EC2::NatGateway")}
    private = [subnet for subnet in zones if "Private" in subnet]
    assert len(private) == len(nats) == 3
    for subnet in private:
        assert nats[ways[tables[subnet]]["NatGatewayId"]] == zones[subnet]


@pytest.mark.parametrize("network", IN_A_VPC)
def test_zones_are_those_that_were_named(network: str) -> None:
    given = {"Network": network, "Zones": "3", "ZoneNames": "eu-1d,eu-1b,eu-1f"}
    made = TEMPLATES.deploy({**given, "NatPerZone": "true"}).children["NetworkStack"]
    for name, has in made.of("AWS::EC2::Subnet"):
        assert has["AvailabilityZone"] == given["ZoneNames"].split(",")[int(name[-1]) - 1]


@pytest.mark.parametrize("network", [*IN_A_VPC, "none"])
def test_a_role_may_leave_a_vpc_under_every_preset(network: str) -> None:
    roles = TEMPLATES.deploy({"Network": network}).children["Permissions"].of("AWS::IAM::Role")
    held = [has.get("ManagedPolicyArns", []) for _, has in roles]
    functions = [policies for policies in held if "fanfold-Tracing" in policies]
    assert len(functions) >= 8
    assert all("fanfold-VpcAccess" in policies for policies in functions)


def test_without_nat_there_is_no_way_out_to_be_misused() -> None:
    made = set(TEMPLATES.deploy({"Network": "sealed"}).children["NetworkStack"].made().values())
    ways = {"InternetGateway", "NatGateway", "Route", "EIP", "VPCGatewayAttachment", "VPNGateway"}
    assert not made & {f"AWS::EC2::{way}" for way in ways}


def test_outside_of_a_vpc_nothing_holds_a_function_back() -> None:
    assert set(reach(TEMPLATES.deploy({"Network": "none"})).values()) == {OUTSIDE}


@pytest.mark.parametrize("network", IN_A_VPC)
def test_in_a_vpc_of_ones_own_routes_decide_how_far_the_sealed_group_leads(network: str) -> None:
    found = reach(TEMPLATES.deploy({**OWN_VPC, "Network": network}))
    out = found.pop("Notify")
    assert ("0.0.0.0/0 by your routes" in out) == (network != "sealed")
    reached = set(found.values())
    sqs = "0.0.0.0/0" if network == "behind-nat-sqs" else "sg-endpoints"
    targets = {"pl-63a5400a", "pl-02cd2c6b", sqs}
    assert reached == {frozenset(f"{target} by your routes" for target in targets)}


def test_groups_of_ones_own_are_taken_as_they_are() -> None:
    deployment = TEMPLATES.deploy(OWN_GROUPS)
    assert "NetworkStack" not in deployment.children
    assert set(reach(deployment).values()) == {frozenset({"what sg-own of your own lets through"})}


@pytest.mark.parametrize("chosen", [*CHOICES, {"Network": "none"}, OWN_VPC], ids=named)
def test_nothing_answers_the_internet_but_the_api(chosen: dict[str, str]) -> None:
    assert exposed(TEMPLATES.deploy(chosen)) == {"Api"}


@pytest.mark.parametrize(
    ("network", "each", "count"),
    [("sealed", "false", 3), ("behind-nat", "false", 4), ("behind-nat-sqs", "true", 6)],
)
def test_subnets_do_not_overlap_and_lie_in_the_vpc(network: str, each: str, count: int) -> None:
    given = {"Network": network, "NatPerZone": each, "Zones": "3", "VpcCidr": "172.20.16.0/20"}
    made = TEMPLATES.deploy(given).children["NetworkStack"]
    blocks = [ipaddress.ip_network(has["CidrBlock"]) for _, has in made.of("AWS::EC2::Subnet")]
    whole = ipaddress.ip_network(given["VpcCidr"])
    assert len(blocks) == count
    assert all(block.subnet_of(whole) for block in blocks)
    assert not any(a.overlaps(b) for a in blocks for b in blocks if a is not b)


_SEALED = "Resources/SealedGroup/Properties/SecurityGroupEgress"
_ANYWHERE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
_S3_POLICY = "Resources/S3Endpoint/Properties/PolicyDocument/Statement/0"

LEAKS = {
    "a group that lets out": (
        {},
        [("NetworkStack", f"{_SEALED}/0", _ANYWHERE)],
        {"0.0.0.0/0:443 through fanfold-Nat1"},
    ),
    "no endpoint where there is a route": (
        {},
        [("NetworkStack", "Resources/S3Endpoint/Properties/RouteTableIds", [])],
        {"pl-63a5400a:443 through fanfold-Nat1"},
    ),
    "a group that lets everything out, for want of rules": (
        {},
        [("NetworkStack", _SEALED, None)],
        {"0.0.0.0/0:any through fanfold-Nat1"},
    ),
    "a route, and a group that lets out, where there is to be no NAT": (
        {"Network": "sealed"},
        [
            ("NetworkStack", "Conditions/MakesNat", {"Condition": "MakesVpc"}),
            ("NetworkStack", f"{_SEALED}/0", _ANYWHERE),
        ],
        {"0.0.0.0/0:443 through fanfold-Nat1"},
    ),
    "the VPC's other members": (
        {},
        [("NetworkStack", f"{_SEALED}/0/CidrIp", "10.90.0.0/16")],
        {"10.90.0.0/16:443 within the VPC"},
    ),
    "another group": (
        {},
        [("NetworkStack", f"{_SEALED}/0/DestinationSecurityGroupId", "sg-database")],
        {"members of sg-database:443"},
    ),
    "an endpoint without a policy": (
        {},
        [("NetworkStack", "Resources/S3Endpoint/Properties/PolicyDocument", None)],
        {"s3 of anybody"},
    ),
    "an endpoint to anybody's buckets": (
        {},
        [
            (
                "NetworkStack",
                f"{_S3_POLICY}/Condition/StringEquals",
                {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}},
            )
        ],
        {"s3 of anybody"},
    ),
    "an endpoint for anybody's credentials": (
        {},
        [("NetworkStack", f"{_S3_POLICY}/Condition/StringEquals/aws:PrincipalAccount", None)],
        {"s3 of anybody"},
    ),
    "names without a filter": (
        {},
        [("NetworkStack", "Resources/NameSeal", None)],
        {"anybody's names"},
    ),
    "names that are let through before the filter": (
        {},
        [("NetworkStack", "Resources/NamesAllowed/Properties/Domains", ["*.example.org"])],
        {"anybody's names"},
    ),
    "a function outside of the VPC": (
        {},
        [("", "Resources/PageFunction/Properties/VpcConfig", None)],
        set(OUTSIDE),
    ),
    "a function among those that call out": (
        {},
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
    [
        ("NetworkStack", "Conditions/MakesNat", {"Condition": "MakesVpc"}),
        ("NetworkStack", f"{_SEALED}/0", _ANYWHERE),
    ],
    ids=["routes", "group"],
)
def test_where_it_is_sealed_one_lock_that_fails_opens_nothing(
    lock: tuple[str, str, object],
) -> None:
    sealed = {"Network": "sealed"}
    tight, loose = (each.deploy(sealed) for each in (TEMPLATES, changed([lock])))
    assert reach(loose) == reach(tight)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_seen(leak: str) -> None:
    parameters, changes, more = LEAKS[leak]
    tight, leaky = reach(TEMPLATES.deploy(parameters)), reach(changed(changes).deploy(parameters))
    assert leaky["Page"] - tight["Page"] == more


@pytest.mark.parametrize(
    ("path", "value", "lost"),
    [
        ("Resources/S3Endpoint/Properties/RouteTableIds", [], "s3 of this account"),
        ("Resources/DynamoDbEndpoint", None, "dynamodb of this account"),
        ("Resources/SealedToEndpoints", None, "sqs of this account"),
        ("Resources/EndpointsFromSealed", None, "sqs of this account"),
        ("Resources/SqsEndpoint/Properties/PrivateDnsEnabled", False, "sqs of this account"),
        (f"{_SEALED}/0/ToPort", 442, "s3 of this account"),
    ],
)
def test_what_a_function_no_longer_reaches_is_seen(path: str, value: object, lost: str) -> None:
    before, after = (
        reach(TEMPLATES.deploy()),
        reach(changed([("NetworkStack", path, value)]).deploy()),
    )
    assert before["Page"] - after["Page"] == {lost}


@pytest.mark.parametrize(
    ("name", "path", "value", "seen"),
    [
        (
            "NetworkStack",
            "Resources/SealedGroup/Properties/SecurityGroupIngress",
            [_ANYWHERE],
            "SealedGroup",
        ),
        (
            "NetworkStack",
            "Resources/EndpointsFromSealed/Properties/CidrIp",
            "0.0.0.0/0",
            "EndpointsFromSealed",
        ),
        (
            "NetworkStack",
            "Resources/PrivateSubnet1/Properties/MapPublicIpOnLaunch",
            True,
            "PrivateSubnet1",
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
