"""CloudFormation's intrinsic functions, as far as they mean something on one machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from infra.local.names import UnknownAttribute, attribute, reference

if TYPE_CHECKING:
    from infra.local.template import Template

NO_VALUE = object()
"""What ``AWS::NoValue`` resolves to: the key or item is left out."""

_SUB_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateError(Exception):
    """The template says something that the embedded cloud does not understand."""


def _ref(template: Template, name: str) -> Any:  # noqa: ANN401
    if name == "AWS::NoValue":
        return NO_VALUE
    if name.startswith("AWS::"):
        return template.place.pseudo(name)
    if name in template.parameters:
        return template.parameters[name]
    return reference(template.place, template.resource(name), template.value)


def _get_att(template: Template, argument: list[str] | str) -> str:
    name, wanted = argument.split(".", 1) if isinstance(argument, str) else argument
    try:
        return attribute(template.place, template.resource(name), wanted, template.value)
    except UnknownAttribute:
        raise TemplateError(f"The attribute {name}.{wanted} is not known here.") from None


def _sub(template: Template, argument: str | list[Any]) -> str:
    text, extra = (argument, {}) if isinstance(argument, str) else argument

    def variable(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        if name in extra:
            return str(template.value(extra[name]))
        call = {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}
        return str(template.value(call))

    return _SUB_VARIABLE.sub(variable, text)


def _find_in_map(template: Template, argument: list[Any]) -> Any:  # noqa: ANN401
    name, first, second = (template.value(part) for part in argument)
    return template.value(template.document["Mappings"][name][first][second])


INTRINSICS: Mapping[str, Callable[[Template, Any], Any]] = {
    "Ref": _ref,
    "Condition": lambda t, a: t.condition(a),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::FindInMap": _find_in_map,
    "Fn::Join": lambda t, a: str(a[0]).join(map(str, t.value(a[1]))),
    "Fn::Select": lambda t, a: t.value(a[1])[int(t.value(a[0]))],
    "Fn::Split": lambda t, a: t.value(a[1]).split(a[0]),
    "Fn::If": lambda t, a: t.resolve(a[1] if t.condition(a[0]) else a[2]),
    "Fn::Equals": lambda t, a: str(t.value(a[0])) == str(t.value(a[1])),
    "Fn::Not": lambda t, a: not t.value(a[0]),
    "Fn::And": lambda t, a: all(map(t.value, a)),
    "Fn::Or": lambda t, a: any(map(t.value, a)),
}
