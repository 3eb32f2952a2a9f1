"""Nested templates with their parameters put in, and with what they nest themselves."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def expanded(
    template: Mapping[str, Any], given: Mapping[str, Any], read: Any, prefix: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the resources of a nested template, and of those in it as ``Outer.Inner``.

    ``given`` are the parameters' values, which may themselves be intrinsics of the outer template;
    ``read`` reads a template by what stands in TemplateURL. Resources whose condition
    asks for a value that is given as empty stay: they are there in some deployment.
    """
    defaults = {
        n: p["Default"] for n, p in template.get("Parameters", {}).items() if "Default" in p
    }
    values = {**defaults, **given}
    for name, resource in template["Resources"].items():
        filled = _filled(copy.deepcopy(resource), values)
        yield prefix + name, filled
        if filled["Type"] == "AWS::CloudFormation::Stack":
            inner = filled["Properties"]
            yield from expanded(
                read(inner["TemplateURL"]), inner["Parameters"], read, f"{prefix}{name}."
            )


def _filled(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_filled(item, values) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Ref"} and node["Ref"] in values:
        return values[node["Ref"]]
    if set(node) == {"Fn::Sub"} and isinstance(node["Fn::Sub"], str):
        text = _VARIABLE.sub(lambda found: _text(found, values), node["Fn::Sub"])
        return {"Fn::Sub": text} if "${" in text else text
    return {key: _filled(item, values) for key, item in node.items()}


def _text(found: re.Match[str], values: Mapping[str, Any]) -> str:
    value = values.get(found[1], found[0])
    return "${" + value["Ref"] + "}" if isinstance(value, dict) else str(value)
