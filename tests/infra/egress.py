"""What a function can reach, computed from routes, security groups, endpoints and their policies.

A packet goes somewhere if a route leads there and a group lets it through; a call goes through an
endpoint if the endpoint's policy allows it besides. Network ACLs are not modelled, so there must
be none: a VPC's own one lets everything through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import Any

from infra.template.names import ACCOUNT
from tests.infra.deployed import PLACE, Evaluated

ANYWHERE = "0.0.0.0/0"
HTTPS = 443
OUTSIDE = frozenset({"anything on the internet, anybody's names"})
"""What a function reaches that is in no VPC."""

_AWS_NAMES = f"*.{PLACE.pseudo('AWS::URLSuffix')}"

Rule = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Network:
    """The network of a deployment; ``stack`` is the nested one."""

    stack: Evaluated

    def reach(self, subnets: list[str], groups: list[str]) -> set[str]:
        """Return what somebody in these subnets with these security groups reaches."""
        rules = [rule for group in groups for rule in self.egress(group)]
        reached = set(self._names())
        for subnet in subnets:
            table = self._table_of(subnet)
            reached |= set(self._gateways(table, rules))
            reached |= set(self._interfaces(groups, rules))
            reached |= set(self._internet(table, rules))
            reached |= set(self._neighbours(rules))
        return reached

    def egress(self, group: str) -> Iterator[Rule]:
        """Yield the rules by which a group lets out."""
        for name, has in self.stack.of("AWS::EC2::SecurityGroup"):
            if name == group:
                # CloudFormation makes one that lets everything out where none is declared
                yield from has.get(
                    "SecurityGroupEgress", [{"IpProtocol": "-1", "CidrIp": ANYWHERE}]
                )
        for _, has in self.stack.of("AWS::EC2::SecurityGroupEgress"):
            if has["GroupId"] == group:
                yield has

    def ingress(self, group: str) -> Iterator[Rule]:
        """Yield the rules by which a group lets in."""
        for name, has in self.stack.of("AWS::EC2::SecurityGroup"):
            if name == group:
                yield from has.get("SecurityGroupIngress", [])
        for _, has in self.stack.of("AWS::EC2::SecurityGroupIngress"):
            if has["GroupId"] == group:
                yield has

    def _table_of(self, subnet: str) -> str:
        tables = [
            has["RouteTableId"]
            for _, has in self.stack.of("AWS::EC2::SubnetRouteTableAssociation")
            if has["SubnetId"] == subnet
        ]
        assert len(tables) == 1, f"{subnet} has the route tables {tables}"
        return str(tables[0])

    def _default_routes(self, table: str) -> Iterator[str]:
        for _, has in self.stack.of("AWS::EC2::Route"):
            if has["RouteTableId"] == table and has["DestinationCidrBlock"] == ANYWHERE:
                yield has.get("NatGatewayId") or has["GatewayId"]

    def _gateways(self, table: str, rules: list[Rule]) -> Iterator[str]:
        """Yield the services behind gateway endpoints."""
        for service, has in self._endpoints("Gateway"):
            names = (self._prefix_list(service), ANYWHERE)
            if table in has["RouteTableIds"] and any(_passes(rule, *names) for rule in rules):
                yield f"{service}{_whose(has)}"

    def _prefix_list(self, service: str) -> str:
        lists = self.stack.document["Mappings"]["PrefixLists"][PLACE.region]
        return str(lists[service])

    def _interfaces(self, groups: list[str], rules: list[Rule]) -> Iterator[str]:
        """Yield the services behind interface endpoints: in the VPC, so that no route is needed."""
        for service, has in self._endpoints("Interface"):
            theirs = has["SecurityGroupIds"]
            out = any(_passes(rule, *theirs, self._block(), ANYWHERE) for rule in rules)
            into = any(_passes(rule, *groups) for group in theirs for rule in self.ingress(group))
            if out and into and has["PrivateDnsEnabled"]:
                yield f"{service}{_whose(has)}"

    def _endpoints(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for _, has in self.stack.of("AWS::EC2::VPCEndpoint"):
            if has["VpcEndpointType"] == kind:
                yield has["ServiceName"].rpartition(".")[2], has

    def _internet(self, table: str, rules: list[Rule]) -> Iterator[str]:
        """Yield the internet, and the services that are reached over it."""
        taken = {  # a route to a prefix list is more specific than one to everything
            self._prefix_list(service)
            for service, has in self._endpoints("Gateway")
            if table in has["RouteTableIds"]
        }
        for gateway in filter(self._leads_out, self._default_routes(table)):
            for rule in rules:
                for target in set(_targets(rule)) - taken:
                    if target.startswith("pl-") or ("/" in target and not _is_private(target)):
                        yield f"{target}:{_ports(rule)} through {gateway}"

    def _leads_out(self, gateway: str) -> bool:
        """Whether a NAT gateway stands in a subnet that has a way out.

        An internet gateway is none for functions: they have no public address.
        """
        for name, has in self.stack.of("AWS::EC2::NatGateway"):
            if name == gateway:
                ways = self._default_routes(self._table_of(has["SubnetId"]))
                attached = {
                    one["InternetGatewayId"]
                    for _, one in self.stack.of("AWS::EC2::VPCGatewayAttachment")
                }
                return any(way in attached for way in ways)
        return False

    def _neighbours(self, rules: list[Rule]) -> Iterator[str]:
        """Yield what is let through to the VPC's own addresses, besides its endpoints."""
        endpoints = {
            group for _, has in self._endpoints("Interface") for group in has["SecurityGroupIds"]
        }
        for rule in rules:
            group = rule.get("DestinationSecurityGroupId")
            if group and group not in endpoints:
                yield f"members of {group}:{_ports(rule)}"
            for target in _targets(rule):
                if "/" in target and target != ANYWHERE and _overlap(target, self._block()):
                    yield f"{target}:{_ports(rule)} within the VPC"

    def _block(self) -> str:
        for _, has in self.stack.of("AWS::EC2::VPC"):
            return str(has["CidrBlock"])
        return ""

    def _names(self) -> Iterator[str]:
        """Yield whose name servers the VPC's resolver asks."""
        domains = {
            name: has["Domains"]
            for name, has in self.stack.of("AWS::Route53Resolver::FirewallDomainList")
        }
        rules = [
            (rule["Action"], *domains[rule["FirewallDomainListId"]])
            for group, has in self.stack.of("AWS::Route53Resolver::FirewallRuleGroup")
            for rule in sorted(has["FirewallRules"], key=_priority)
            if group in self._name_filters()
        ]
        match rules:
            case [("ALLOW", first, *others), ("BLOCK", "*")] if first == _AWS_NAMES:
                yield "names of AWS"
                yield from ("anybody's names" if one == "*" else f"names {one}" for one in others)
            case _:
                yield "anybody's names"

    def _name_filters(self) -> set[str]:
        filters = self.stack.of("AWS::Route53Resolver::FirewallRuleGroupAssociation")
        return {has["FirewallRuleGroupId"] for _, has in filters}


def _priority(rule: Rule) -> int:
    return int(rule["Priority"])


def reach(deployment: Evaluated) -> dict[str, frozenset[str]]:
    """Return what every function reaches, by its logical id without “Function”."""
    reached = {}
    for name, has in deployment.of("AWS::Lambda::Function"):
        place = has.get("VpcConfig")
        step = name.removeprefix("fanfold-").removesuffix("Function")
        reached[step] = _reach(deployment, place) if place else OUTSIDE
    return reached


def _reach(deployment: Evaluated, place: Mapping[str, list[str]]) -> frozenset[str]:
    subnets, groups = place["SubnetIds"], place["SecurityGroupIds"]
    nested = deployment.children.get("NetworkStack")
    if nested is None:
        return frozenset(f"what {group} of your own lets through" for group in groups)
    network = Network(nested)
    if any(nested.of("AWS::EC2::VPC")):
        assert not any(nested.of("AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry"))
        return frozenset(network.reach(subnets, groups))
    rules = [rule for group in groups for rule in network.egress(group)]
    return frozenset(f"{target} by your routes" for rule in rules for target in _targets(rule))


def _targets(rule: Rule) -> Iterator[str]:
    for key in ("CidrIp", "DestinationPrefixListId", "DestinationSecurityGroupId"):
        if key in rule:
            yield str(rule[key])


def _passes(rule: Rule, *names: str) -> bool:
    """Whether a rule lets HTTPS through to, or from, one of these."""
    ends = {*_targets(rule), rule.get("SourceSecurityGroupId")}
    if rule["IpProtocol"] not in ("tcp", "-1") or not ends.intersection(names):
        return False
    return rule["IpProtocol"] == "-1" or rule["FromPort"] <= HTTPS <= rule["ToPort"]


def _ports(rule: Rule) -> str:
    if rule["IpProtocol"] == "-1":
        return "any"
    first, last = rule["FromPort"], rule["ToPort"]
    return str(first) if first == last else f"{first}-{last}"


def _is_private(block: str) -> bool:
    return block != ANYWHERE and ip_network(block).is_private


def _overlap(one: str, other: str) -> bool:
    return bool(other) and IPv4Network(one).overlaps(IPv4Network(other))


def _whose(endpoint: Mapping[str, Any]) -> str:
    """Say to whose resources an endpoint's policy lets through, and calls of whom."""
    mine = {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
    for statement in endpoint.get("PolicyDocument", {"Statement": [{}]})["Statement"]:
        condition = statement.get("Condition", {}).get("StringEquals")
        if statement.get("Effect") != "Deny" and condition != mine:
            return " of anybody"
    return " of this account"
