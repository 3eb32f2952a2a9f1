"""Read a SAM template for one machine: parameters, conditions and intrinsics.

Nothing is created here. Physical names are derived from the template alone, so everything that
refers to a resource can be resolved before the resource exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from infra.template.intrinsics import INTRINSICS, NO_VALUE, TemplateError
from infra.template.names import Place

if TYPE_CHECKING:
    from yaml import SafeLoader as Parser
else:  # libyaml's where it is there: it takes a tenth of the time
    Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(Parser):
    """YAML with CloudFormation's short tags (``!Ref``, ``!Sub`` …) in their long form."""


def _short_tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the template; ``properties`` still hold their intrinsics."""

    id: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """A loaded template; ``value`` resolves any node of it."""

    path: Path
    place: Place
    document: Mapping[str, Any]
    parameters: Mapping[str, Any]

    def resources(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of these types whose condition holds, in the template's order."""
        for name, body in self.document.get("Resources", {}).items():
            if body.get("Type") in types and self.exists(name):
                yield self.resource(name)

    def resource(self, name: str) -> Resource:
        """Return one resource, with the template's Globals merged in."""
        body = self.document.get("Resources", {}).get(name)
        if body is None:
            raise TemplateError(f"{self.path.name} has no resource {name}.")
        own = body.get("Properties") or {}
        common = self._globals(body["Type"])
        return Resource(name, body["Type"], _merged(common, own) if common else own)

    def exists(self, name: str) -> bool:
        """Whether a resource or output is there under its condition."""
        for section in ("Resources", "Outputs"):
            body = self.document.get(section, {}).get(name)
            if body is not None:
                condition = body.get("Condition")
                return condition is None or self.condition(condition)
        return False

    def outputs(self) -> dict[str, str]:
        """Return the outputs whose condition holds and which can be known on one machine."""
        found = {}
        for name, body in self.document.get("Outputs", {}).items():
            try:
                if self.exists(name):
                    found[name] = str(self.value(body["Value"]))
            except TemplateError:  # an attribute that only a deployed stack has
                continue
        return found

    def condition(self, name: str) -> bool:
        """Evaluate a named condition."""
        try:
            return bool(self.value(self.document["Conditions"][name]))
        except KeyError:
            raise TemplateError(f"{self.path.name} has no condition {name}.") from None

    def value(self, node: Any) -> Any:  # noqa: ANN401 - a template's values are of any type
        """Resolve all intrinsics in a node; what is ``AWS::NoValue`` is left out."""
        resolved = self.resolve(node)
        return None if resolved is NO_VALUE else resolved

    def resolve(self, node: Any) -> Any:  # noqa: ANN401
        """Resolve a node as ``value`` does, but for a node that is itself ``AWS::NoValue``."""
        if isinstance(node, list):
            return [item for item in map(self.resolve, node) if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref" or name.startswith("Fn::") or self._is_condition(name, argument):
                return self._call(name, argument)
        pairs = ((key, self.resolve(item)) for key, item in node.items())
        return {key: item for key, item in pairs if item is not NO_VALUE}

    def _is_condition(self, name: str, argument: object) -> bool:
        # {"Condition": "Name"} is an intrinsic, {"Condition": {...}} a key of a policy statement
        return name == "Condition" and isinstance(argument, str)

    def _call(self, name: str, argument: Any) -> Any:  # noqa: ANN401
        function = INTRINSICS.get(name)
        if function is None:
            raise TemplateError(f"{self.path.name}: the intrinsic {name} is not understood here.")
        try:
            return function(self, argument)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise TemplateError(f"{self.path.name}: {name} of {argument!r}: {error!r}") from error

    def _globals(self, kind: str) -> Mapping[str, Any]:
        section = kind.removeprefix("AWS::Serverless::") if "::Serverless::" in kind else ""
        found: Mapping[str, Any] = self.document.get("Globals", {}).get(section) or {}
        return found


def load(path: Path, place: Place, parameters: Mapping[str, str] | None = None) -> Template:
    """Load a template with parameter values; raise TemplateError for what is not understood."""
    document = read(path)
    declared = document.get("Parameters") or {}
    given = dict(parameters or {})
    if unknown := sorted(set(given) - set(declared)):
        raise TemplateError(f"{path.name} has no parameter {', '.join(unknown)}.")
    values = {name: given.get(name, body.get("Default")) for name, body in declared.items()}
    if missing := sorted(name for name, value in values.items() if value is None):
        raise TemplateError(f"{path.name}: no value for the parameter {', '.join(missing)}.")
    return Template(path, place, document, values)


def read(path: Path) -> dict[str, Any]:
    """Return a template with its intrinsics in their long form; raise TemplateError."""
    try:
        return dict(yaml.load(path.read_text("utf-8"), _Loader))
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise TemplateError(f"{path} is no template: {error}") from error


def _merged(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as SAM does: mappings key by key, lists appended, scalars replaced."""
    result = dict(common)
    for key, value in own.items():
        base = result.get(key)
        if isinstance(base, dict) and isinstance(value, dict) and not _is_call(value):
            result[key] = _merged(base, value)
        elif isinstance(base, list) and isinstance(value, list):
            result[key] = [*base, *value]
        else:
            result[key] = value
    return result


def _is_call(node: Mapping[str, Any]) -> bool:
    return len(node) == 1 and next(iter(node)).startswith(("Ref", "Fn::"))
