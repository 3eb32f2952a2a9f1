"""CloudFormation's intrinsic functions, as far as they mean something on one machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from infra.template.names import Named, Place, UnknownAttribute, attribute, reference

NO_VALUE = object()
"""What ``AWS::NoValue`` resolves to: the key or item is left out."""

_SUB_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateError(Exception):
    """The template says something that cannot be understood on one machine."""


class Scope(Protocol):
    """The template that an intrinsic stands in."""

    @property
    def place(self) -> Place:
        """Where the stack lives."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The whole template, intrinsics unresolved."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters' values by name."""

    def resource(self, name: str) -> Named:
        """Return a resource; raise TemplateError if there is none of this logical id."""

    def condition(self, name: str) -> bool:
        """Evaluate a named condition."""

    def value(self, node: Any) -> Any:  # noqa: ANN401 - a template's values are of any type
        """Resolve all intrinsics in a node."""

    def resolve(self, node: Any) -> Any:  # noqa: ANN401
        """Resolve a node as ``value`` does, but ``AWS::NoValue`` to NO_VALUE."""


def _ref(scope: Scope, name: str) -> Any:  # noqa: ANN401
    if name == "AWS::NoValue":
        return NO_VALUE
    if name.startswith("AWS::"):
        return scope.place.pseudo(name)
    if name in scope.parameters:
        return scope.parameters[name]
    return reference(scope.place, scope.resource(name), scope.value)


def _get_att(scope: Scope, argument: list[str] | str) -> str:
    name, wanted = argument.split(".", 1) if isinstance(argument, str) else argument
    try:
        return attribute(scope.place, scope.resource(name), wanted, scope.value)
    except UnknownAttribute:
        raise TemplateError(f"The attribute {name}.{wanted} is not known here.") from None


def _sub(scope: Scope, argument: str | list[Any]) -> str:
    text, extra = (argument, {}) if isinstance(argument, str) else argument

    def variable(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        if name in extra:
            return str(scope.value(extra[name]))
        call = {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}
        return str(scope.value(call))

    return _SUB_VARIABLE.sub(variable, text)


def _find_in_map(scope: Scope, argument: list[Any]) -> Any:  # noqa: ANN401
    name, first, second = (scope.value(part) for part in argument)
    return scope.value(scope.document["Mappings"][name][first][second])


INTRINSICS: Mapping[str, Callable[[Scope, Any], Any]] = {
    "Ref": _ref,
    "Condition": lambda s, a: s.condition(a),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::FindInMap": _find_in_map,
    "Fn::Join": lambda s, a: str(a[0]).join(map(str, s.value(a[1]))),
    "Fn::Select": lambda s, a: s.value(a[1])[int(s.value(a[0]))],
    "Fn::Split": lambda s, a: s.value(a[1]).split(a[0]),
    "Fn::If": lambda s, a: s.resolve(a[1] if s.condition(a[0]) else a[2]),
    "Fn::Equals": lambda s, a: str(s.value(a[0])) == str(s.value(a[1])),
    "Fn::Not": lambda s, a: not s.value(a[0]),
    "Fn::And": lambda s, a: all(map(s.value, a)),
    "Fn::Or": lambda s, a: any(map(s.value, a)),
}
