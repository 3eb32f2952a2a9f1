"""Things of infra/terraform, from the state that an apply on the stand-in provider left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.infra.terraform.things import Thing, Things

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """What `terraform show -json` says: every resource's type, address and values."""

    resources: list[tuple[str, str, Values]]

    def values(self, type_: str) -> list[Values]:
        """Return the values of all resources of a type."""
        return [values for kind, _, values in self.resources if kind == type_]


def state(shown: Values) -> State:
    """Read the answer of `terraform show -json`."""
    return State(list(_walk(shown["values"]["root_module"])))


def things(found: State) -> Things:
    """Return the things of a state."""
    return Things(thing for one in found.resources for thing in _all(*one, found))


def _walk(module: Values) -> Iterator[tuple[str, str, Values]]:
    for resource in module.get("resources", []):
        if resource["mode"] == "managed":
            yield resource["type"], resource["address"], resource["values"]
    for child in module.get("child_modules", []):
        yield from _walk(child)


def _all(type_: str, address: str, has: Values, found: State) -> Iterator[Thing]:
    if type_ in _ELSEWHERE:
        return
    make = _MAKERS.get(type_)
    assert make, f"{address} is of a type that nobody compares"
    kind, values = make(has, found)
    if kind:
        yield Thing(kind, str(has["id"]), values)


_ELSEWHERE = {
    "aws_acm_certificate_validation",  # CloudFormation waits for the certificate by itself
    "aws_cloudformation_stack",  # is template.yaml
    "aws_default_security_group",  # a second lock that CloudFormation cannot turn
    "aws_route53_resolver_firewall_rule_group",  # counts by its rules
    "aws_iam_role_policy",  # counts with its role
}
_Made = tuple[str, Values]


def _name(has: Values) -> str:
    return str(has["tags"]["Name"])


def _endpoint(has: Values, _: State) -> _Made:
    return "endpoint", {
        "service": has["service_name"].rpartition(".")[2], "type": has["vpc_endpoint_type"],
        "tables": has["route_table_ids"] or [], "subnets": has["subnet_ids"] or [],
        "groups": has["security_group_ids"] or [], "private": has["private_dns_enabled"] is True,
        "policy": has["policy"],
    }  # fmt: skip


def _rule(direction: str) -> Callable[[Values, State], _Made]:
    def make(has: Values, found: State) -> _Made:
        return "rule", {
            "group": has["security_group_id"], "direction": direction,
            "ports": f"{has['ip_protocol']} {has['from_port']}-{has['to_port']}",
            "peer": _peer(has, found), "description": has["description"],
        }  # fmt: skip

    return make


def _peer(has: Values, found: State) -> tuple[str, str]:
    if has["prefix_list_id"]:
        lists = {
            end["prefix_list_id"]: end["service_name"].rpartition(".")[2]
            for end in found.values("aws_vpc_endpoint")
            if end["vpc_endpoint_type"] == "Gateway"
        }
        return "prefix list", lists[has["prefix_list_id"]]
    if has["referenced_security_group_id"]:
        return "group", has["referenced_security_group_id"]
    return "addresses", has["cidr_ipv4"]


def _role(has: Values, found: State) -> _Made:
    (policy,) = [p for p in found.values("aws_iam_role_policy") if p["role"] == has["id"]]
    (group,) = found.values("aws_cloudwatch_log_group")
    said = policy["policy"].replace(group["arn"], "the group")
    return "role", {"trust": has["assume_role_policy"], "policy": said}


def _domain(has: Values, _: State) -> _Made:
    (where,) = has["endpoint_configuration"]
    return "domain", {"name": has["domain_name"], "types": where["types"],
                      "addresses": where["ip_address_type"],
                      "tls": has["security_policy"]}  # fmt: skip


def _record(has: Values, found: State) -> _Made:
    if not has["alias"]:
        return "", {}  # the certificate's proof, which CloudFormation writes by itself
    (alias,), (domain,) = has["alias"], found.values("aws_api_gateway_domain_name")
    leads = (alias["name"], alias["zone_id"]) == (
        domain["regional_domain_name"],
        domain["regional_zone_id"],
    )
    failover = [policy["type"] for policy in has["failover_routing_policy"] or []]
    return "record", {
        "type": has["type"], "name": has["name"], "zone": has["zone_id"],
        "alias": ("the domain" if leads else alias["name"], alias["evaluate_target_health"]),
        "failover": failover[0] if failover else None,
        "set": has["set_identifier"],
        "checked": has["health_check_id"] is not None,
    }  # fmt: skip


_MAKERS: dict[str, Callable[[Values, State], _Made]] = {
    "aws_vpc": lambda has, _: ("vpc", {
        "cidr": has["cidr_block"], "support": has["enable_dns_support"],
        "hostnames": has["enable_dns_hostnames"]}),
    "aws_subnet": lambda has, _: ("subnet", {
        "name": _name(has), "cidr": has["cidr_block"], "zone": has["availability_zone"],
        "public": has["map_public_ip_on_launch"] is True}),
    "aws_route_table": lambda has, _: ("table", {"name": _name(has)}),
    "aws_route_table_association": lambda has, _: ("association", {
        "subnet": has["subnet_id"], "table": has["route_table_id"]}),
    "aws_route": lambda has, _: ("route", {
        "table": has["route_table_id"], "to": has["destination_cidr_block"],
        "nat": has["nat_gateway_id"]}),
    "aws_nat_gateway": lambda has, _: ("nat", {
        "name": _name(has), "subnet": has["subnet_id"], "address": has["allocation_id"]}),
    "aws_eip": lambda has, _: ("address", {"name": _name(has)}),
    "aws_internet_gateway": lambda has, _: ("internet", {}),
    "aws_vpc_endpoint": _endpoint,
    "aws_security_group": lambda has, _: ("group", {
        "name": _name(has), "description": has["description"]}),
    "aws_vpc_security_group_egress_rule": _rule("out"),
    "aws_vpc_security_group_ingress_rule": _rule("in"),
    "aws_route53_resolver_firewall_domain_list": lambda has, _: ("domains", {
        "domains": has["domains"]}),
    "aws_route53_resolver_firewall_rule": lambda has, _: ("lookup", {
        "priority": has["priority"], "action": has["action"],
        "response": has["block_response"],
        "domains": has["firewall_domain_list_id"]}),
    "aws_route53_resolver_firewall_rule_group_association": lambda has, _: ("seal", {
        "priority": has["priority"]}),
    "aws_flow_log": lambda has, _: ("flow", {"traffic": has["traffic_type"]}),
    "aws_cloudwatch_log_group": lambda has, _: ("log group", {
        "days": has["retention_in_days"], "key": has["kms_key_id"]}),
    "aws_iam_role": _role,
    "aws_acm_certificate": lambda has, _: ("certificate", {
        "name": has["domain_name"], "validation": has["validation_method"]}),
    "aws_api_gateway_domain_name": _domain,
    "aws_api_gateway_base_path_mapping": lambda has, _: ("mapping", {
        "api": has["api_id"], "stage": has["stage_name"]}),
    "aws_route53_record": _record,
    "aws_route53_health_check": lambda has, _: ("check", {
        "type": has["type"], "host": has["fqdn"], "port": has["port"],
        "path": has["resource_path"], "server name": has["enable_sni"],
        "seconds": has["request_interval"], "failures": has["failure_threshold"]}),
}  # fmt: skip
