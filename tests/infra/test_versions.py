"""A parameter that changes what a function reads, or where it stands, publishes a version of it.

And nothing else does: Lambda refuses to publish a function of which nothing has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.template import TEMPLATE
from infra.template import template as templates
from tests.infra import stack
from tests.infra.deployed import PLACE as STACK_PLACE
from tests.infra.deployed import Evaluated, Templates
from tests.infra.test_releases import translated, versions

DECLARED = templates.read(TEMPLATE)["Parameters"]
CONTEXTS: dict[str, dict[str, str]] = {
    "as it comes": {},
    "sealed": {"Network": "sealed"},
    "no VPC": {"Network": "none"},
    "a VPC of one's own": {"VpcId": "vpc-1", "SubnetIds": "a,b", "EndpointGroupId": "sg-1"},
    "groups of one's own": {"SubnetIds": "a,b", "SecurityGroupIds": "sg-1"},
    "another issuer": {
        "ApiAuth": "jwt",
        "JwtIssuer": "people",
        "JwtAudience": "fanfold",
        "JwtKeysUrl": "https://people.example/keys",
        "SignInUrl": "https://people.example/authorize",
        "SignInTokenUrl": "https://people.example/token",
    },
}
ENOUGH = ("as it comes", "groups of one's own", "another issuer")
"""Of these, such that every parameter may be changed in one."""
LONGEST_DESCRIPTION = 256
"""Maximum number of characters of a function's description."""


def values(name: str) -> Iterator[str]:
    """Yield other values that a parameter may have."""
    declared = DECLARED[name]
    if "AllowedValues" in declared:
        yield from (str(one) for one in declared["AllowedValues"] if one != declared["Default"])
    elif declared["Type"] == "Number":
        yield str(int(declared["Default"]) + 1)
    elif name == "VpcCidr":
        yield "10.91.0.0/20"
    elif declared.get("AllowedPattern") != "^$":
        yield "other-1,other-2"


def referred(node: Any, document: Mapping[str, Any]) -> set[str]:
    """Return the parameters that a node refers to by itself or by its conditions."""
    found: set[str] = set()
    if isinstance(node, list):
        return found.union(*(referred(one, document) for one in node))
    if not isinstance(node, dict):
        return found
    for key, value in node.items():
        if key == "Ref":
            found |= {value} & document["Parameters"].keys()
        elif key == "Condition" or (key == "Fn::If" and isinstance(value[0], str)):
            condition = value if key == "Condition" else value[0]
            found |= referred(document["Conditions"][condition], document)
        found |= referred(value, document)
    return found


DOCUMENT = templates.read(TEMPLATE)
COMMON = DOCUMENT["Globals"]["Function"]
PLACE = referred(
    [COMMON["VpcConfig"], DOCUMENT["Resources"]["NetworkStack"]["Properties"]], DOCUMENT
)
"""Parameters on which it depends where functions stand."""
CHANGES = [
    pytest.param(context, name, value, id=f"{context}: {name}={value}")
    for context, given in CONTEXTS.items()
    for name in DECLARED
    for value in values(name)
    if (not given or name in PLACE) and given.get(name) != value
]


@cache
def deployed(given: tuple[tuple[str, str], ...]) -> tuple[Evaluated, dict[str, str]]:
    """Return a deployment under parameters, and every function's version."""
    plain = json.loads(json.dumps(translated(dict(given))))
    return Templates(plain, stack.nested()).deploy(dict(given)), versions(plain=plain)


def deploy(**given: str) -> tuple[Evaluated, dict[str, str]]:
    return deployed(tuple(sorted(given.items())))


def refused(given: Mapping[str, str], nested: str = "") -> list[str]:
    """Return why CloudFormation refuses these parameters before it makes anything."""
    document = stack.nested()[nested] if nested else stack.plain()
    defaults = {name: body.get("Default") for name, body in document["Parameters"].items()}
    whole = Evaluated(TEMPLATE, STACK_PLACE, document, {**defaults, **given})
    return [
        assertion["AssertDescription"]
        for rule in document["Rules"].values()
        if whole.value(rule.get("RuleCondition", True))
        for assertion in rule["Assertions"]
        if not whole.value(assertion["Assert"])
    ]


def functions(deployment: Evaluated) -> dict[str, str]:
    """Return all that makes up each function.

    What it refers to stands there with the properties that cannot change without another thing
    taking its place, for that has another id.
    """
    network = deployment.children.get("NetworkStack")
    return {
        name.removeprefix("fanfold-"): json.dumps(_identified(has, network), sort_keys=True)
        for name, has in deployment.of("AWS::Lambda::Function")
    }


def _identified(node: Any, network: Evaluated | None) -> Any:
    if isinstance(node, dict):
        return {key: _identified(value, network) for key, value in node.items()}
    if isinstance(node, list):
        return [_identified(value, network) for value in node]
    name = str(node).removeprefix("fanfold-")
    if network is None or name not in network.document["Resources"]:
        return node
    body = network.document["Resources"][name]
    fixed = {path.removeprefix("/properties/") for path in _fixed(body["Type"])}
    kept = {key: value for key, value in body["Properties"].items() if key in fixed}
    return {name: _identified(network.value(kept), network)}


@cache
def _fixed(kind: str) -> list[str]:
    """Return the properties of a type that are fixed when a thing is made."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    return list(schema.get("createOnlyProperties", []))


def _given(context: str, name: str, value: str) -> dict[str, str]:
    return {**CONTEXTS[context], name: value}


@pytest.mark.parametrize(
    ("context", "name", "value"),
    [one for one in CHANGES if not refused(_given(*map(str, one.values)))],
)
def test_a_version_is_published_where_a_function_changes_and_only_there(
    context: str, name: str, value: str
) -> None:
    given = _given(context, name, value)
    (old, before), (new, after) = deploy(**CONTEXTS[context]), deploy(**given)
    was, becomes = functions(old), functions(new)
    assert len(was) == len(before) == len(after)
    changed = {function for function in was if was[function] != becomes[function]}
    assert {function for function in before if before[function] != after[function]} == changed


def test_every_parameter_that_a_function_refers_to_publishes_a_version() -> None:
    read = {key: COMMON[key] for key in ("Architectures", "Environment", "VpcConfig")}
    asked = referred(read, DOCUMENT)
    assert {"Architecture", "MaxPages", "Monitoring", "Network", "SubnetIds"} <= asked
    missed = {}
    for name in asked:
        published = [
            deploy(**{**given, name: value})[1] != deploy(**given)[1]
            for given in (CONTEXTS[one] for one in ENOUGH)
            for value in values(name)
            if not refused({**given, name: value}) and given.get(name) != value
        ]
        if not published or not all(published):
            missed[name] = published
    assert missed == {}


def test_a_change_of_code_publishes_under_any_parameters() -> None:
    given = {"MaxPages": "7", "Network": "sealed"}
    before = versions(plain=translated(given))
    after = versions(plain=translated(given, changed="PageFunction"))
    assert {name for name in before if before[name] != after[name]} == {"PageFunction"}


@pytest.mark.parametrize("context", CONTEXTS)
def test_what_says_where_a_function_stands_is_no_longer_than_lambda_takes(context: str) -> None:
    long = {"ZoneNames": "ap-southeast-1a,ap-southeast-1b,ap-southeast-1c", "Zones": "3"}
    given = {**long, **CONTEXTS[context], "Languages": "deu+" * 100 + "eng"}
    if CONTEXTS[context].get("VpcId"):
        given["VpcId"] = "vpc-" + "0" * 17
    deployment, _ = deploy(**given)
    for _, has in deployment.of("AWS::Lambda::Function"):
        assert len(has["Description"]) <= LONGEST_DESCRIPTION


def test_subnets_outside_of_any_vpc_are_refused() -> None:
    assert refused({"Network": "none", "SubnetIds": "a,b", "SecurityGroupIds": "sg-1"})
    assert refused({"SubnetIds": "a,b"})  # which would be joined with groups of another VPC
    assert refused({"VpcId": "vpc-1"})
    assert not any(refused(given) for given in CONTEXTS.values())


def test_a_vpc_of_ones_own_names_its_endpoint_unless_sqs_is_reached_by_nat() -> None:
    own = {"VpcId": "vpc-1"}
    for network in ("behind-nat", "sealed"):
        assert refused({**own, "Network": network}, "NetworkStack")
        assert not refused({**own, "Network": network, "EndpointGroupId": "sg"}, "NetworkStack")
    assert not refused({**own, "Network": "behind-nat-sqs"}, "NetworkStack")
