"""What both descriptions of the network and the name are turned into before they are compared.

A thing is one resource in words of neither CloudFormation nor Terraform. ``table`` makes facts of
things: the same code for both, so two descriptions that give equal tables say the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, str]
"""What holds, by a name that both descriptions share: ``subnet sealed-1: addresses``."""
STACK = "fanfold"


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource; ``id`` is what others refer to it by."""

    kind: str
    id: str
    has: Mapping[str, Any] = field(default_factory=dict)


class Things:
    """All things of one description."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = list(things)
        self._by_id = {(thing.kind, thing.id): thing for thing in self._things}

    def of(self, kind: str) -> Iterator[Thing]:
        """Yield the things of a kind."""
        return (thing for thing in self._things if thing.kind == kind)

    def name(self, kind: str, id_: str) -> str:
        """Return a thing's name, without the stack's: ``sealed-1``."""
        return short(self._by_id[kind, id_].has["name"])


def short(name: str) -> str:
    """Return a name without the stack's."""
    return name.removeprefix(STACK).removeprefix("-") or "-"


def table(things: Things) -> Facts:
    """Return every fact; a fact that is not there is not the same as one that differs."""
    found: dict[str, str] = {}
    for part in (_vpc, _subnets, _routes, _gateways, _endpoints, _groups, _names, _flow, _domain):
        for name, value in part(things):
            assert name not in found, f"{name} holds twice"
            found[name] = _text(value)
    return found


def differences(one: Facts, other: Facts) -> list[str]:
    """Say what does not hold in both."""
    return [
        f"{name}: {one.get(name, 'absent')} | {other.get(name, 'absent')}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def statements(policy: Any) -> str:
    """Return a policy document's statements, however its lists are abbreviated."""
    document = json.loads(policy) if isinstance(policy, str) else policy
    found = [
        {key: sorted(_listed(value)) if key in ("Action", "Resource") else value
         for key, value in statement.items()}
        for statement in document["Statement"]
    ]  # fmt: skip
    return json.dumps(found, sort_keys=True)


def _vpc(things: Things) -> Iterator[tuple[str, Any]]:
    for vpc in things.of("vpc"):
        yield "vpc: addresses", vpc.has["cidr"]
        yield "vpc: resolver, own names", (vpc.has["support"], vpc.has["hostnames"])
    yield "vpc: internet gateway", len(list(things.of("internet")))


def _subnets(things: Things) -> Iterator[tuple[str, Any]]:
    for subnet in things.of("subnet"):
        name = f"subnet {short(subnet.has['name'])}"
        yield f"{name}: addresses", subnet.has["cidr"]
        yield f"{name}: zone", subnet.has["zone"]
        yield f"{name}: public addresses", bool(subnet.has["public"])


def _routes(things: Things) -> Iterator[tuple[str, Any]]:
    """Yield where each subnet's traffic goes: by route table and by gateway endpoint."""
    tables = {link.has["subnet"]: link.has["table"] for link in things.of("association")}
    for subnet in things.of("subnet"):
        at = tables.get(subnet.id)
        ways = [_way(route, things) for route in things.of("route") if route.has["table"] == at]
        ways += [f"gateway {end.has['service']}" for end in things.of("endpoint")
                 if at in end.has["tables"]]  # fmt: skip
        yield f"routes of {short(subnet.has['name'])}", (things.name("table", at), sorted(ways))


def _way(route: Thing, things: Things) -> str:
    through = route.has["nat"]
    by = f"nat {things.name('nat', through)}" if through else "internet gateway"
    return f"{route.has['to']} by {by}"


def _gateways(things: Things) -> Iterator[tuple[str, Any]]:
    for nat in things.of("nat"):
        subnet = things.name("subnet", nat.has["subnet"])
        yield f"nat {short(nat.has['name'])}", (subnet, things.name("address", nat.has["address"]))


def _endpoints(things: Things) -> Iterator[tuple[str, Any]]:
    for end in things.of("endpoint"):
        name = f"endpoint {end.has['service']}"
        yield f"{name}: type, private names", (end.has["type"], bool(end.has["private"]))
        subnets = sorted(things.name("subnet", id_) for id_ in end.has["subnets"])
        groups = sorted(things.name("group", id_) for id_ in end.has["groups"])
        yield f"{name}: subnets, groups", (subnets, groups)
        yield f"{name}: policy", statements(end.has["policy"])


def _groups(things: Things) -> Iterator[tuple[str, Any]]:
    for group in things.of("group"):
        name = short(group.has["name"])
        yield f"group {name}: description", group.has["description"]
        rules = [rule for rule in things.of("rule") if rule.has["group"] == group.id]
        for way in ("in", "out"):
            some = (_rule(rule, things) for rule in rules if rule.has["direction"] == way)
            yield f"group {name}: {way}", sorted(some)


def _rule(rule: Thing, things: Things) -> str:
    kind, peer = rule.has["peer"]
    peer = things.name("group", peer) if kind == "group" else peer
    return f"{rule.has['ports']} {kind} {peer} ({rule.has['description']})"


def _names(things: Things) -> Iterator[tuple[str, Any]]:
    domains = {one.id: one.has["domains"] for one in things.of("domains")}
    for rule in things.of("lookup"):
        has = rule.has
        said = (has["action"], has["response"], sorted(domains[has["domains"]]))
        yield f"names: rule {has['priority']}", said
    for seal in things.of("seal"):
        yield "names: priority in the VPC", seal.has["priority"]


def _flow(things: Things) -> Iterator[tuple[str, Any]]:
    for flow in things.of("flow"):
        yield "flow logs: traffic", flow.has["traffic"]
    for group in things.of("log group"):
        yield "flow logs: days, key", (group.has["days"], group.has["key"])
    for role in things.of("role"):
        yield "flow logs: who may write", statements(role.has["trust"])
        yield "flow logs: what they may", statements(role.has["policy"])


def _domain(things: Things) -> Iterator[tuple[str, Any]]:
    for certificate in things.of("certificate"):
        yield "certificate", (certificate.has["name"], certificate.has["validation"])
    for domain in things.of("domain"):
        for key in ("name", "types", "addresses", "tls"):
            yield f"domain: {key}", domain.has[key]
    for mapping in things.of("mapping"):
        yield "domain: leads to", (mapping.has["api"], mapping.has["stage"])
    for record in things.of("record"):
        for key in ("name", "zone", "alias", "failover", "set", "checked"):
            yield f"record {record.has['type']}: {key}", record.has[key]
    for check in things.of("check"):
        for key, value in check.has.items():
            yield f"health check: {key}", value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
