"""Things of infra/aws/network.yaml and domain.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.infra.terraform.resolved import REGION, Resolved
from tests.infra.terraform.things import Thing, Things

Properties = dict[str, Any]
_NOBODY = "127.0.0.1/32"
"""CloudFormation cannot say that nothing may go out: a group without rules may call everything.
A rule that matches nothing is the way to say it, and counts as none."""


def things(*templates: Resolved) -> Things:
    """Return the things of templates."""
    return Things(thing for template in templates for thing in _all(template))


def _all(template: Resolved) -> Iterator[Thing]:
    for id_, resource in template.resources.items():
        make = _MAKERS.get(resource["Type"])
        assert make, f"{id_} is of a type that nobody compares: {resource['Type']}"
        yield from make(f"@{id_}", resource["Properties"], template)


def _name(has: Properties) -> str:
    return next(str(tag["Value"]) for tag in has.get("Tags", []) if tag["Key"] == "Name")


def _vpc(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("vpc", id_, {"cidr": has["CidrBlock"], "support": has["EnableDnsSupport"],
                             "hostnames": has["EnableDnsHostnames"]})  # fmt: skip


def _subnet(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("subnet", id_, {"name": _name(has), "cidr": has["CidrBlock"],
                                "zone": has["AvailabilityZone"],
                                "public": has.get("MapPublicIpOnLaunch", False)})  # fmt: skip


def _table(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("table", id_, {"name": _name(has)})


def _association(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("association", id_, {"subnet": has["SubnetId"], "table": has["RouteTableId"]})


def _route(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    assert ("NatGatewayId" in has) != ("GatewayId" in has), f"{id_} leads elsewhere"
    yield Thing("route", id_, {"table": has["RouteTableId"], "to": has["DestinationCidrBlock"],
                               "nat": has.get("NatGatewayId")})  # fmt: skip


def _nat(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    address = has["AllocationId"].removesuffix(".AllocationId")
    yield Thing("nat", id_, {"name": _name(has), "subnet": has["SubnetId"], "address": address})


def _address(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("address", id_, {"name": _name(has)})


def _attachment(id_: str, _: Properties, __: Resolved) -> Iterator[Thing]:
    yield Thing("internet", id_)


def _endpoint(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("endpoint", id_, {
        "service": has["ServiceName"].rpartition(".")[2], "type": has["VpcEndpointType"],
        "tables": has.get("RouteTableIds", []), "subnets": has.get("SubnetIds", []),
        "groups": has.get("SecurityGroupIds", []), "private": has.get("PrivateDnsEnabled", False),
        "policy": has["PolicyDocument"],
    })  # fmt: skip


def _group(id_: str, has: Properties, template: Resolved) -> Iterator[Thing]:
    yield Thing("group", id_, {"name": _name(has), "description": has["GroupDescription"]})
    for direction, rules in (("in", "SecurityGroupIngress"), ("out", "SecurityGroupEgress")):
        for number, rule in enumerate(has.get(rules, [])):
            if rule.get("CidrIp") != _NOBODY:
                yield _made_rule(f"{id_}.{number}", id_, direction, rule, template)


def _made_rule(id_: str, group: str, direction: str, rule: Properties, template: Resolved) -> Thing:
    ports = f"{rule['IpProtocol']} {rule.get('FromPort')}-{rule.get('ToPort')}"
    return Thing("rule", id_, {"group": group, "direction": direction, "ports": ports,
                               "peer": _peer(rule, template),
                               "description": rule["Description"]})  # fmt: skip


def _peer(rule: Properties, template: Resolved) -> tuple[str, str]:
    if "DestinationPrefixListId" in rule:
        known = template.document["Mappings"]["PrefixLists"][REGION]
        names = {list_: service for service, list_ in known.items()}
        list_ = rule["DestinationPrefixListId"]
        return "prefix list", names.get(list_, list_)
    for key in ("DestinationSecurityGroupId", "SourceSecurityGroupId"):
        if key in rule:
            return "group", rule[key]
    return "addresses", rule["CidrIp"]


def _egress(id_: str, has: Properties, template: Resolved) -> Iterator[Thing]:
    yield _made_rule(id_, has["GroupId"], "out", has, template)


def _ingress(id_: str, has: Properties, template: Resolved) -> Iterator[Thing]:
    yield _made_rule(id_, has["GroupId"], "in", has, template)


def _domains(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("domains", id_, {"domains": has["Domains"]})


def _lookups(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    for rule in has["FirewallRules"]:
        yield Thing("lookup", f"{id_}.{rule['Priority']}", {
            "priority": rule["Priority"], "action": rule["Action"],
            "response": rule.get("BlockResponse"), "domains": rule["FirewallDomainListId"],
        })  # fmt: skip


def _seal(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("seal", id_, {"priority": has["Priority"]})


def _flow(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("flow", id_, {"traffic": has["TrafficType"]})


def _log_group(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("log group", id_, {"days": int(has["RetentionInDays"]), "key": has.get("KmsKeyId")})


def _role(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    (policy,) = has["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        if str(statement["Resource"]).startswith("@"):
            statement["Resource"] = "the group:*"  # the ARN of a group ends so
    yield Thing("role", id_, {"trust": has["AssumeRolePolicyDocument"],
                              "policy": policy["PolicyDocument"]})  # fmt: skip


def _certificate(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("certificate", id_, {"name": has["DomainName"],
                                     "validation": has["ValidationMethod"]})  # fmt: skip


def _domain(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    where = has["EndpointConfiguration"]
    yield Thing("domain", id_, {"name": has["DomainName"], "types": where["Types"],
                                "addresses": where["IpAddressType"],
                                "tls": has["SecurityPolicy"]})  # fmt: skip


def _mapping(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    yield Thing("mapping", id_, {"api": has["RestApiId"], "stage": has["Stage"]})


def _record(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    alias = has["AliasTarget"]
    to = ("the domain" if alias["DNSName"].endswith(".RegionalDomainName") else alias["DNSName"],
          alias.get("EvaluateTargetHealth", False))  # fmt: skip
    yield Thing("record", id_, {
        "type": has["Type"], "name": has["Name"], "zone": has["HostedZoneId"], "alias": to,
        "failover": has.get("Failover"), "set": has.get("SetIdentifier"),
        "checked": "HealthCheckId" in has,
    })  # fmt: skip


def _check(id_: str, has: Properties, _: Resolved) -> Iterator[Thing]:
    asks = has["HealthCheckConfig"]
    yield Thing("check", id_, {
        "type": asks["Type"], "host": asks["FullyQualifiedDomainName"], "port": asks["Port"],
        "path": asks["ResourcePath"], "server name": asks["EnableSNI"],
        "seconds": asks["RequestInterval"], "failures": asks["FailureThreshold"],
    })  # fmt: skip


def _nothing(_: str, __: Properties, ___: Resolved) -> Iterator[Thing]:
    """Say nothing: the thing counts by what is attached to it."""
    yield from ()


_MAKERS: dict[str, Callable[[str, Properties, Resolved], Iterator[Thing]]] = {
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::Subnet": _subnet,
    "AWS::EC2::RouteTable": _table,
    "AWS::EC2::SubnetRouteTableAssociation": _association,
    "AWS::EC2::Route": _route,
    "AWS::EC2::NatGateway": _nat,
    "AWS::EC2::EIP": _address,
    "AWS::EC2::InternetGateway": _nothing,
    "AWS::EC2::VPCGatewayAttachment": _attachment,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::SecurityGroupEgress": _egress,
    "AWS::EC2::SecurityGroupIngress": _ingress,
    "AWS::Route53Resolver::FirewallDomainList": _domains,
    "AWS::Route53Resolver::FirewallRuleGroup": _lookups,
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": _seal,
    "AWS::EC2::FlowLog": _flow,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::IAM::Role": _role,
    "AWS::CertificateManager::Certificate": _certificate,
    "AWS::ApiGateway::DomainName": _domain,
    "AWS::ApiGateway::BasePathMapping": _mapping,
    "AWS::Route53::RecordSet": _record,
    "AWS::Route53::HealthCheck": _check,
}
