"""The stack as CloudFormation gets it: template.yaml transformed, with its nested templates."""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from tests.infra.expanded import expanded

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template.yaml"

# Where `sam package` would have put code and nested templates.
_CODE = "s3://placeholder/code.zip"
_NESTED = "https://s3.eu-central-1.amazonaws.com/placeholder/"
_QUEUE_ARN = re.compile(r"arn:.*:sqs:.*\$\{(?:AWS::StackName|Stack)\}(?P<name>-[\w-]+)")


@dataclass(frozen=True, slots=True)
class Stack:
    """Resources by logical id; those of the nested templates stand beside the others."""

    resources: Mapping[str, Any]

    def of(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield logical id and properties of every resource of a type."""
        for name, resource in self.resources.items():
            if resource["Type"] == kind:
                yield name, resource.get("Properties", {})

    def properties(self, name: str) -> dict[str, Any]:
        """Return a resource's properties."""
        return dict(self.resources[name]["Properties"])

    def id_of(self, value: Any) -> str:
        """Return the logical id that a Ref, a GetAtt or a queue's spelt-out ARN points at.

        That of the function, where an alias of it is pointed at.
        """
        if "Ref" in value:
            name = str(value["Ref"])
            aliased = self.resources.get(name, {}).get("Type") == "AWS::Lambda::Alias"
            return self.id_of(self.properties(name)["FunctionName"]) if aliased else name
        if "Fn::GetAtt" in value:
            return str(value["Fn::GetAtt"][0])
        found = _QUEUE_ARN.fullmatch(value["Fn::Sub"])
        assert found, f"{value} points at no resource of the stack"
        return self._queue_called("${AWS::StackName}" + found["name"])

    def _queue_called(self, name: str) -> str:
        called = [
            q for q, has in self.of("AWS::SQS::Queue") if has["QueueName"] == {"Fn::Sub": name}
        ]
        assert called, f"no queue is called {name}"
        return called[0]

    def consumers(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield function, queue and mapping of every event source."""
        for _, mapping in self.of("AWS::Lambda::EventSourceMapping"):
            function, queue = mapping["FunctionName"], mapping["EventSourceArn"]
            yield self.id_of(function), self.id_of(queue), mapping

    def role_of(self, function: str) -> str:
        """Return the logical id of a function's role, which the nested template calls alike."""
        _, output = self.properties(function)["Role"]["Fn::GetAtt"]
        return str(output).removeprefix("Outputs.")

    def allowed(self, role: str) -> Iterator[tuple[list[str], list[Any]]]:
        """Yield actions and resources of every inline statement of a role."""
        for policy in self.properties(role)["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield as_list(statement["Action"]), as_list(statement["Resource"])

    def attached(self, role: str) -> Iterator[tuple[list[str], list[Any]]]:
        """Yield the same of the policies of this stack that a role has where they are made."""
        for reference in self.properties(role)["ManagedPolicyArns"]:
            policy = reference.get("Ref") or reference["Fn::If"][1]["Ref"]
            for statement in self.properties(policy)["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    yield as_list(statement["Action"]), as_list(statement["Resource"])

    def environment(self, function: str, names: Mapping[str, str]) -> dict[str, str]:
        """Return a function's environment with default parameters, ``names`` by logical id."""
        variables = self.properties(function)["Environment"]["Variables"]
        return {name: _value(value, names) for name, value in variables.items()}

    def changed(self, path: str, value: object) -> Stack:
        """Return a copy in which the value at ``path`` is another, or is gone where it is None.

        ``path`` is a JSON pointer from the resources, without its first slash.
        """
        resources = copy.deepcopy(dict(self.resources))
        assert find(resources, path) is not None  # so that no case tests nothing
        put(resources, path, value)
        return Stack(resources)


def find(node: Any, path: str) -> Any:
    """Return what a JSON pointer, without its first slash, leads to; LookupError if nothing."""
    for word in path.split("/"):
        node = node[_step(word)]
    return node


def put(node: Any, path: str, value: object) -> None:
    """Set the value that a JSON pointer leads to, or remove it where the value is None."""
    way, _, last = path.rpartition("/")
    holder = find(node, way) if way else node
    if value is None:
        del holder[_step(last)]
    else:
        holder[_step(last)] = value


def _value(value: Any, names: Mapping[str, str]) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "Fn::If" in value:
        return _value(value["Fn::If"][2], names)  # every condition asks whether something is set
    if value["Ref"].startswith("AWS::"):
        return str(value["Ref"])
    parameter = plain()["Parameters"].get(value["Ref"])
    return str(parameter["Default"]) if parameter else names[value["Ref"]]


def _step(word: str) -> str | int:
    return int(word) if word.isdigit() else word.replace("~1", "/")


Rule = Callable[[Stack], Iterator[str]]
"""Yields a sentence for everything that is not as it should be."""
Broken = tuple[Rule, str, object]
"""A rule, a path in the stack and a value there that breaks the rule; see ``Stack.changed``."""


NOTHING = {"Ref": "AWS::NoValue"}


def as_list(value: Any) -> list[Any]:
    """Return the list that CloudFormation lets people abbreviate to its only item."""
    return value if isinstance(value, list) else [value]


@cache
def plain() -> dict[str, Any]:
    """Return template.yaml as plain CloudFormation."""
    template = _read(TEMPLATE)
    del template["Globals"]["Function"]["CodeUri"]
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = _CODE
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = _CODE
        if resource["Type"] == "AWS::CloudFormation::Stack":
            url = resource["Properties"]["TemplateURL"]
            resource["Properties"]["TemplateURL"] = _NESTED + url
    session = boto3.Session(region_name="eu-central-1")
    translated = Translator({}, Parser(), boto_session=session).translate(template, {})
    return dict(json.loads(json.dumps(translated)))


@cache
def nested() -> dict[str, dict[str, Any]]:
    """Return the nested templates by logical id, with the long form of their intrinsics."""
    return {
        name: _packaged(resource["Properties"]["TemplateURL"])
        for name, resource in plain()["Resources"].items()
        if resource["Type"] == "AWS::CloudFormation::Stack"
    }


def _packaged(url: str) -> dict[str, Any]:
    """Return a nested template as `sam package` leaves it, with what it nests uploaded, too."""
    path = ROOT / url.removeprefix(_NESTED)
    template = _read(path)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            inner = path.parent / resource["Properties"]["TemplateURL"]
            resource["Properties"]["TemplateURL"] = _NESTED + str(inner.relative_to(ROOT))
    return template


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(json.dumps(yaml_parse(path.read_text("utf-8")))))


def load() -> Stack:
    """Return the whole stack."""
    resources: dict[str, Any] = {}
    watching = dict(nested())
    found = [plain()["Resources"], _watching(watching.pop("Observability"))]
    for more in (*found, *(template["Resources"] for template in watching.values())):
        twice = resources.keys() & more.keys()
        assert not twice, f"{twice} stand in two templates"
        resources |= more
    return Stack(resources)


def _watching(template: dict[str, Any]) -> dict[str, Any]:
    """Return alarms and dashboard with what they watch put in, for they watch by name."""
    given = plain()["Resources"]["Observability"]["Properties"]["Parameters"]
    return dict(expanded(template, given, _packaged))


def main(folder: Path) -> None:
    """Write all templates, as CloudFormation gets them, for tools that read files."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {"template": plain()}
    for path in sorted((ROOT / "infra/aws").glob("*.yaml")):
        if "AWSTemplateFormatVersion" in path.read_text("utf-8"):  # or it is a tool's settings
            found[path.stem] = _packaged(str(path.relative_to(ROOT)))
    for name, template in found.items():
        # what is said there to tools is about SAM's own form, and outweighs their settings
        said = {part: value for part, value in template.items() if part != "Metadata"}
        (folder / f"{name}.json").write_text(json.dumps(said, indent=1), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
