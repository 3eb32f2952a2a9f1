"""What CloudFormation makes of the templates: conditions and intrinsics resolved.

Every resource is called ``fanfold-{logical id}``, as on the embedded cloud.
"""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from infra.template.intrinsics import TemplateError
from infra.template.names import REGION, Place
from infra.template.template import Template
from tests.infra import stack

PLACE = Place("https://aws.invalid")
ADDRESS_BITS = 32


@dataclass(frozen=True, slots=True)
class Evaluated(Template):
    """A template with values for its parameters; ``children`` are its nested stacks."""

    children: dict[str, Evaluated] = field(default_factory=dict)

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Fn::GetAZs":
            return [f"{REGION}{zone}" for zone in "abc"]
        if name == "Fn::Cidr":
            return _cidrs(*self.value(argument))
        if name != "Fn::GetAtt":
            return Template._call(self, name, argument)
        owner, attribute = argument
        if owner in self.children:
            return self.children[owner].outputs()[attribute.removeprefix("Outputs.")]
        try:
            return Template._call(self, name, argument)
        except TemplateError:  # known to AWS only
            return f"fanfold-{owner}.{attribute}"

    def of(self, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield name and resolved properties of every resource of these types that is made."""
        for resource in self.resources(*types):
            yield f"fanfold-{resource.id}", self.value(resource.properties)

    def made(self) -> dict[str, str]:
        """Return the types of all resources that are made, by logical id."""
        resources = self.document["Resources"]
        return {name: body["Type"] for name, body in resources.items() if self.exists(name)}


def _cidrs(block: str, count: int, bits: int) -> list[str]:
    network = ipaddress.ip_network(block)
    blocks = network.subnets(new_prefix=ADDRESS_BITS - int(bits))
    return [str(each) for each in islice(blocks, int(count))]


@dataclass(frozen=True, slots=True)
class Templates:
    """The parent template and the nested ones by logical id."""

    parent: Mapping[str, Any]
    nested: Mapping[str, Mapping[str, Any]]

    @classmethod
    def load(cls) -> Templates:
        """Return those of the project."""
        return cls(stack.plain(), stack.nested())

    def changed(self, name: str, path: str, value: object) -> Templates:
        """Return copies in which one value is another; ``name`` is empty for the parent.

        ``path`` is a JSON pointer without its first slash. Keys that do not exist are made.
        """
        found: Any = {"": self.parent, **self.nested}
        found[name] = copy.deepcopy(found[name])
        stack.put(found[name], path, value)
        return Templates(found.pop(""), found)

    def deploy(self, parameters: Mapping[str, str] | None = None) -> Evaluated:
        """Resolve the parent, and with it every nested stack that it makes."""
        whole = _evaluated("", self.parent, parameters or {})
        for name, document in self.nested.items():
            if whole.exists(name):
                given = whole.value(self.parent["Resources"][name]["Properties"]["Parameters"])
                whole.children[name] = _evaluated(name, document, given)
        return whole


def _evaluated(name: str, document: Mapping[str, Any], given: Mapping[str, Any]) -> Evaluated:
    declared = document["Parameters"]
    assert given.keys() <= declared.keys(), f"{name} has no {given.keys() - declared.keys()}"
    values = {key: given.get(key, body.get("Default")) for key, body in declared.items()}
    assert None not in values.values(), f"{name} lacks parameters"
    return Evaluated(Path(name), PLACE, document, values)
