"""What holds for the network, whatever its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.infra.stack import NOTHING, Broken, Stack, as_list


def _made(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": ["NetworkStack", f"Outputs.{name}"]}


def _place(group: dict[str, Any]) -> dict[str, Any]:
    """Return the VpcConfig of a function with this security group, where none was given."""

    def chosen(own: str, given: str, made: dict[str, Any]) -> dict[str, Any]:
        return {"Fn::Split": [",", {"Fn::If": [own, {"Ref": given}, made]}]}

    return {
        "Fn::If": [
            "InVpc",
            {
                "SubnetIds": chosen("OwnSubnets", "SubnetIds", _made("PrivateSubnets")),
                "SecurityGroupIds": chosen("OwnGroups", "SecurityGroupIds", group),
            },
            NOTHING,
        ]
    }


SEALED = _place(_made("SealedGroup"))
"""The place of a function that reads what strangers send, or calls nobody anyway."""
CALLS = _place({"Fn::If": ["IsSealed", _made("SealedGroup"), _made("OutboundGroup")]})
"""That of the function which calls webhooks."""
ASKS_ISSUER = _place({"Fn::If": ["FetchesKeys", _made("OutboundGroup"), _made("SealedGroup")]})
"""That of the authorizer: out, where it has to fetch keys."""
OUTBOUND: set[str] = set()
"""Functions that call somebody outside of AWS."""
WITH_NAT = {"MakesNat", "MakesNatThird", "MakesSecondNat", "MakesThirdNat"}
WAYS_OUT = {
    "AWS::EC2::EIP",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::Route",
    "AWS::EC2::VPCGatewayAttachment",
}
ACCOUNT = {"Ref": "AWS::AccountId"}
ANYWHERE = "0.0.0.0/0"
HTTPS = ("tcp", 443, 443)


def functions_are_sealed(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        place = {"AuthorizeFunction": ASKS_ISSUER, "NotifyFunction": CALLS}.get(function, SEALED)
        if function not in OUTBOUND and has.get("VpcConfig") != place:
            yield f"{function} is not sealed"


def every_subnet_has_routes_of_its_kind(stack: Stack) -> Iterator[str]:
    tables = {
        stack.id_of(has["SubnetId"]): stack.id_of(has["RouteTableId"])
        for _, has in stack.of("AWS::EC2::SubnetRouteTableAssociation")
    }
    for subnet, _ in stack.of("AWS::EC2::Subnet"):
        kind, _, number = subnet.partition("Subnet")
        wanted = f"{kind}Routes{number if kind == 'Private' else ''}"
        if tables.get(subnet) != wanted:  # without one it has the VPC's main table
            yield f"{subnet} has the routes {tables.get(subnet)}, not {wanted}"


def private_subnets_have_a_default_route_through_nat(stack: Stack) -> Iterator[str]:
    tables = {name for name, _ in stack.of("AWS::EC2::RouteTable") if name.startswith("Private")}
    for _, has in stack.of("AWS::EC2::Route"):
        if has["DestinationCidrBlock"] == ANYWHERE and "NatGatewayId" in has:
            tables.discard(stack.id_of(has["RouteTableId"]))
    for table in tables:
        yield f"{table} leads through no NAT gateway"


def private_subnets_go_out_through_nat_only(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::Route"):
        private = stack.id_of(has["RouteTableId"]).startswith("Private")
        if private and (
            "NatGatewayId" not in has or stack.resources[name].get("Condition") not in WITH_NAT
        ):
            yield f"{name} leads out without NAT"


def a_zone_has_the_first_nat_or_its_own(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::Route"):
        number = name.removeprefix("PrivateDefault")
        first = {"Ref": "Nat1"}
        own = {"Fn::If": ["OwnNat", {"Ref": f"Nat{number}"}, first]}
        if number.isdigit() and has.get("NatGatewayId") != (first if number == "1" else own):
            yield f"{name} leads to {has.get('NatGatewayId')}"


def nat_stands_where_there_is_a_way_out(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::NatGateway"):
        if stack.id_of(has["SubnetId"]) != f"PublicSubnet{name.removeprefix('Nat')}":
            yield f"{name} stands in {has['SubnetId']}"


def without_nat_there_is_no_way_out(stack: Stack) -> Iterator[str]:
    for name, resource in stack.resources.items():
        if resource["Type"] in WAYS_OUT and resource.get("Condition") not in WITH_NAT:
            yield f"{name} is there without NAT"


def nothing_takes_a_public_address(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::Subnet"):
        if has.get("MapPublicIpOnLaunch"):
            yield f"whatever starts in {name} has a public address"


def subnets_of_a_kind_lie_in_different_zones(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::Subnet"):
        place = int(name[-1]) - 1
        chosen = {"Fn::Select": [place, {"Fn::Split": [",", {"Ref": "ZoneNames"}]}]}
        first = {"Fn::Select": [place, {"Fn::GetAZs": ""}]}
        if has["AvailabilityZone"] != {"Fn::If": ["NamesZones", chosen, first]}:
            yield f"{name} lies in {has['AvailabilityZone']}"


def subnets_share_no_addresses(stack: Stack) -> Iterator[str]:
    blocks = [has["CidrBlock"] for _, has in stack.of("AWS::EC2::Subnet")]
    for name, has in stack.of("AWS::EC2::Subnet"):
        if blocks.count(has["CidrBlock"]) > 1:
            yield f"{name} shares its addresses"


def nothing_comes_in_but_calls_of_functions_to_endpoints(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::SecurityGroup"):
        if has.get("SecurityGroupIngress"):
            yield f"{name} lets in"
    for name, has in stack.of("AWS::EC2::SecurityGroupIngress"):
        source = has.get("SourceSecurityGroupId", {}).get("Ref")
        if source not in ("SealedGroup", "OutboundGroup") or _port(has) != HTTPS:
            yield f"{name} lets in more than calls of functions"
        if (
            "Fn::If" not in has["GroupId"]
            or {"Ref": "EndpointGroup"} not in has["GroupId"]["Fn::If"]
        ):
            yield f"{name} lets in to something else than endpoints"


def only_outbound_functions_may_call_anybody(stack: Stack) -> Iterator[str]:
    for name, rule in _egress(stack):
        anybody = rule.get("CidrIp") == ANYWHERE or "CidrIpv6" in rule
        if anybody and (name != "OutboundGroup" or _port(rule) != HTTPS):
            yield f"{name} lets out to anybody"


def the_seal_is_open_where_sqs_is_reached_by_nat_and_nowhere_else(stack: Stack) -> Iterator[str]:
    conditions = {
        "SealedToQueues": "SqsByNat",
        "SealedToEndpoints": "HasSqsEndpoint",
        "EndpointsFromSealed": "HasSqsEndpoint",
        "EndpointGroup": "MakesSqsEndpoint",
        "SqsEndpoint": "MakesSqsEndpoint",
    }
    for name, condition in conditions.items():
        if stack.resources[name].get("Condition") != condition:
            yield f"{name} is there under {stack.resources[name].get('Condition')}"
    opened = stack.properties("SealedToQueues")
    if (opened.get("CidrIp"), _port(opened)) != (ANYWHERE, HTTPS):
        yield "more than HTTPS leads to SQS"


def groups_say_what_they_let_out(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::SecurityGroup"):
        if not has.get("SecurityGroupEgress"):
            yield f"{name} lets out everything, for want of a rule"


def sealed_functions_speak_https_to_aws(stack: Stack) -> Iterator[str]:
    rules = [rule for name, rule in _egress(stack) if name == "SealedGroup"]
    for rule in rules:
        if _port(rule) != HTTPS:
            yield f"sealed functions speak {_port(rule)}"
    lists = [rule.get("DestinationPrefixListId") for rule in rules]
    region = {"Ref": "AWS::Region"}
    wanted = [{"Fn::FindInMap": ["PrefixLists", region, one]} for one in ("s3", "dynamodb")]
    if [one for one in lists if one] != wanted:
        yield "sealed functions reach other prefix lists, or fewer"


def rules_of_groups_say_what_they_are_for(stack: Stack) -> Iterator[str]:
    for name, rule in (*_egress(stack), *stack.of("AWS::EC2::SecurityGroupIngress")):
        if not rule.get("Description"):
            yield f"a rule of {name} does not say what it is for"


def _egress(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, has in stack.of("AWS::EC2::SecurityGroup"):
        for rule in has.get("SecurityGroupEgress", []):
            yield name, rule
    for name, has in stack.of("AWS::EC2::SecurityGroupEgress"):
        if name != "SealedToQueues":  # which a rule of its own is about
            yield stack.id_of(has["GroupId"]), has


def _port(rule: dict[str, Any]) -> tuple[Any, ...]:
    return rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort")


def endpoints_serve_this_account(stack: Stack) -> Iterator[str]:
    whole = {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
    for name, statement in _endpoint_statements(stack):
        condition = statement.get("Condition", {}).get("StringEquals", {})
        if condition != whole:
            yield f"{name} serves {sorted(condition)} of others"


def endpoints_let_through_what_the_roles_may(stack: Stack) -> Iterator[str]:
    may = _done_by_functions(stack)
    for name, statement in _endpoint_statements(stack):
        actions = set(as_list(statement["Action"]))
        service = next(iter(actions)).partition(":")[0]
        if actions != {action for action in may if action.startswith(f"{service}:")}:
            yield f"{name} lets {sorted(actions)} through"


def _done_by_functions(stack: Stack) -> set[str]:
    """Return the actions of all roles that functions do themselves; Lambda receives for them."""
    lambdas = {"sqs:ReceiveMessage", "sqs:DeleteMessage"}
    policies = [stack.properties("Tracing")["PolicyDocument"]]
    for function, _ in stack.of("AWS::Lambda::Function"):
        policies += [
            policy["PolicyDocument"]
            for policy in stack.properties(stack.role_of(function))["Policies"]
        ]
    actions = {
        action
        for policy in policies
        for statement in policy["Statement"]
        for action in as_list(statement["Action"])
    }
    return actions - lambdas


def _endpoint_statements(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, has in stack.of("AWS::EC2::VPCEndpoint"):
        for statement in has.get("PolicyDocument", {"Statement": [{"Action": "*"}]})["Statement"]:
            yield name, statement


def gateway_endpoints_serve_every_function(stack: Stack) -> Iterator[str]:
    tables = {name for name, _ in stack.of("AWS::EC2::RouteTable") if not name.startswith("Public")}
    for name, has in stack.of("AWS::EC2::VPCEndpoint"):
        if has["VpcEndpointType"] == "Gateway":
            served = {stack.id_of(one.get("Fn::If", [0, one])[1]) for one in has["RouteTableIds"]}
            if served != tables:
                yield f"{name} does not serve {sorted(tables - served)}"


def interface_endpoints_are_found_by_their_usual_name(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::EC2::VPCEndpoint"):
        if has["VpcEndpointType"] != "Interface":
            continue
        if has.get("PrivateDnsEnabled") is not True:
            yield f"calls pass {name} by"
        subnets = [one.get("Fn::If", [0, one])[1]["Ref"] for one in has["SubnetIds"]]
        if subnets != [f"PrivateSubnet{number}" for number in (1, 2, 3)]:
            yield f"{name} is not in every zone"


def names_of_others_are_not_looked_up(stack: Stack) -> Iterator[str]:
    rules = stack.properties("NameRules")["FirewallRules"]
    found = [
        (rule["Priority"], rule["Action"], stack.id_of(rule["FirewallDomainListId"]))
        for rule in rules
    ]
    if found != [(1, "ALLOW", "NamesAllowed"), (2, "BLOCK", "NamesOfOthers")]:
        yield f"names are looked up by {found}"
    if stack.properties("NamesOfOthers")["Domains"] != ["*"]:
        yield "some names of others are looked up"
    aws = "*.${AWS::URLSuffix}"
    more = {"Fn::Split": [",", {"Fn::Sub": aws + ",${OutboundNames}"}]}
    asked = {"Fn::If": ["NamesOthers", more, [{"Fn::Sub": aws}]]}
    if stack.properties("NamesAllowed")["Domains"] != asked:
        yield "more names are looked up than AWS's and those that were asked for"


def names_are_filtered_in_every_vpc(stack: Stack) -> Iterator[str]:
    for name in ("NamesAllowed", "NamesOfOthers", "NameRules", "NameSeal"):
        if stack.resources[name].get("Condition") != stack.resources["Vpc"]["Condition"]:
            yield f"{name} is not in every VPC"


def refused_connections_are_written_down(stack: Stack) -> Iterator[str]:
    logged = [stack.id_of(has["ResourceId"]) for _, has in stack.of("AWS::EC2::FlowLog")]
    for vpc, has in stack.of("AWS::EC2::VPC"):
        if vpc not in logged:
            yield f"nobody sees what {vpc} refuses"
        if has.get("EnableDnsHostnames") is not True:
            yield f"endpoints in {vpc} have no names"
    for name, has in stack.of("AWS::EC2::FlowLog"):
        if has["TrafficType"] != {"Ref": "FlowLogs"}:
            yield f"{name} writes {has['TrafficType']}"


_ENDPOINT = "S3Endpoint/Properties/PolicyDocument/Statement/0"
_SEALED = "SealedGroup/Properties/SecurityGroupEgress"
_OPEN = {"Description": "all", "IpProtocol": "-1", "CidrIp": ANYWHERE}

BROKEN: list[Broken] = [
    (functions_are_sealed, "PageFunction/Properties/VpcConfig", None),
    (functions_are_sealed, "ApiFunction/Properties/VpcConfig/Fn::If/1/SecurityGroupIds", ["sg-1"]),
    (every_subnet_has_routes_of_its_kind, "PrivateSubnet2Routes", None),
    (
        every_subnet_has_routes_of_its_kind,
        "PrivateSubnet1Routes/Properties/RouteTableId",
        {"Ref": "PublicRoutes"},
    ),
    (private_subnets_have_a_default_route_through_nat, "PrivateDefault3", None),
    (
        private_subnets_have_a_default_route_through_nat,
        "PrivateDefault2/Properties/DestinationCidrBlock",
        "10.0.0.0/8",
    ),
    (private_subnets_go_out_through_nat_only, "PrivateDefault2/Properties/NatGatewayId", None),
    (private_subnets_go_out_through_nat_only, "PrivateDefault1/Condition", "MakesVpc"),
    (
        a_zone_has_the_first_nat_or_its_own,
        "PrivateDefault2/Properties/NatGatewayId",
        {"Ref": "Nat1"},
    ),
    (nat_stands_where_there_is_a_way_out, "Nat2/Properties/SubnetId", {"Ref": "PublicSubnet1"}),
    (without_nat_there_is_no_way_out, "InternetGateway/Condition", "MakesVpc"),
    (without_nat_there_is_no_way_out, "PublicDefault/Condition", None),
    (
        nothing_takes_a_public_address,
        "PrivateSubnet1/Properties",
        {"MapPublicIpOnLaunch": True},
    ),
    (
        subnets_of_a_kind_lie_in_different_zones,
        "PrivateSubnet2/Properties/AvailabilityZone/Fn::If/2/Fn::Select/0",
        0,
    ),
    (subnets_share_no_addresses, "PublicSubnet1/Properties/CidrBlock/Fn::Select/0", 2),
    (
        nothing_comes_in_but_calls_of_functions_to_endpoints,
        "EndpointsFromSealed/Properties/SourceSecurityGroupId",
        None,
    ),
    (
        nothing_comes_in_but_calls_of_functions_to_endpoints,
        "EndpointsFromSealed/Properties/GroupId",
        {"Ref": "SealedGroup"},
    ),
    (
        nothing_comes_in_but_calls_of_functions_to_endpoints,
        "EndpointsFromOutbound/Properties/FromPort",
        0,
    ),
    (only_outbound_functions_may_call_anybody, f"{_SEALED}/0", _OPEN),
    (
        only_outbound_functions_may_call_anybody,
        "OutboundGroup/Properties/SecurityGroupEgress/0",
        _OPEN,
    ),
    (
        the_seal_is_open_where_sqs_is_reached_by_nat_and_nowhere_else,
        "SealedToQueues/Condition",
        "CallsOut",
    ),
    (
        the_seal_is_open_where_sqs_is_reached_by_nat_and_nowhere_else,
        "SealedToQueues/Properties/FromPort",
        0,
    ),
    (groups_say_what_they_let_out, _SEALED, None),
    (groups_say_what_they_let_out, "EndpointGroup/Properties/SecurityGroupEgress", []),
    (sealed_functions_speak_https_to_aws, f"{_SEALED}/0/ToPort", 65535),
    (sealed_functions_speak_https_to_aws, f"{_SEALED}/1/DestinationPrefixListId", "pl-12345678"),
    (rules_of_groups_say_what_they_are_for, f"{_SEALED}/0/Description", None),
    (
        rules_of_groups_say_what_they_are_for,
        "EndpointsFromSealed/Properties/Description",
        None,
    ),
    (endpoints_serve_this_account, f"{_ENDPOINT}/Condition", None),
    (
        endpoints_serve_this_account,
        f"{_ENDPOINT}/Condition/StringEquals/aws:ResourceAccount",
        "123456789012",
    ),
    (endpoints_let_through_what_the_roles_may, f"{_ENDPOINT}/Action", "s3:*"),
    (endpoints_let_through_what_the_roles_may, f"{_ENDPOINT}/Action/0", None),
    (endpoints_let_through_what_the_roles_may, "SqsEndpoint/Properties/PolicyDocument", None),
    (gateway_endpoints_serve_every_function, "S3Endpoint/Properties/RouteTableIds/0", None),
    (
        interface_endpoints_are_found_by_their_usual_name,
        "SqsEndpoint/Properties/PrivateDnsEnabled",
        False,
    ),
    (
        interface_endpoints_are_found_by_their_usual_name,
        "SqsEndpoint/Properties/SubnetIds/2",
        None,
    ),
    (names_of_others_are_not_looked_up, "NameRules/Properties/FirewallRules/1/Action", "ALERT"),
    (names_of_others_are_not_looked_up, "NamesAllowed/Properties/Domains/Fn::If/2/0", "*"),
    (names_of_others_are_not_looked_up, "NamesOfOthers/Properties/Domains/0", "*.org"),
    (names_are_filtered_in_every_vpc, "NameSeal/Condition", "IsSealed"),
    (refused_connections_are_written_down, "FlowLog", None),
    (refused_connections_are_written_down, "FlowLog/Properties/TrafficType", "ACCEPT"),
    (refused_connections_are_written_down, "Vpc/Properties/EnableDnsHostnames", None),
]
