"""What the template asks of an account, under parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra import ROOT
from infra.template import TEMPLATE
from infra.template import template as templates
from infra.template.intrinsics import TemplateError
from infra.template.names import Place
from infra.template.wiring import wire

_NETWORK = ROOT / "infra" / "aws" / "network.yaml"
_PAGE = "PageFunction"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a deployment needs: functions at once by page and by all other queues, and zones.

    ``regions`` are those whose prefix lists are known; ``zones`` is 0 where no subnet is made.
    """

    pages: int
    others: int
    zones: int
    zone_names: tuple[str, ...]
    sqs_endpoint: bool
    log_role: str
    domain: bool
    regions: frozenset[str]


def read(parameters: Mapping[str, str]) -> Wanted:
    """Read the template; raise TemplateError for a parameter that it does not take."""
    template = templates.load(TEMPLATE, Place(aws_url=""), _typed(parameters))
    wiring, at_once = wire(template), {True: 0, False: 0}
    for source in wiring.sources:
        at_once[wiring.functions[source.function].id == _PAGE] += source.concurrency or 0
    value = template.parameters
    makes_subnets = template.exists("NetworkStack") and not value["VpcId"]
    names = str(value["ZoneNames"])
    return Wanted(
        pages=at_once[True],
        others=at_once[False],
        zones=int(value["Zones"]) if makes_subnets else 0,
        zone_names=tuple(names.split(",")) if names else (),
        sqs_endpoint=value["Network"] != "behind-nat-sqs",
        log_role=str(value["ApiLogRole"]),
        domain=bool(value["DomainName"]),
        regions=frozenset(templates.read(_NETWORK)["Mappings"]["PrefixLists"]),
    )


def _typed(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return parameters with numbers as numbers; raise TemplateError for what is refused."""
    declared = templates.read(TEMPLATE)["Parameters"]
    found: dict[str, Any] = {}
    for name, value in parameters.items():
        rule = declared.get(name, {})  # one that is not known is refused with the template
        allowed = [str(one) for one in rule.get("AllowedValues", [value])]
        number = rule.get("Type") == "Number"
        if value not in allowed or (number and not value.isdecimal()):
            raise TemplateError(f"{name} cannot be {value!r}.")
        found[name] = int(value) if number else value
    return found
