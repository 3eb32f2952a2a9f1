"""The templates on moto's CloudFormation, and what moto cannot do of them.

Nothing is left out silently: what moto lacks is named here, taken out of a template before moto
sees it, and tested to be lacking still (``test_moto_limits.py``).
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3

from tests.infra.deployed import Evaluated, Templates
from tests.infra.stack import NOTHING, as_list

STACK = "fanfold"
LACKING = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::Stage",
    "AWS::Budgets::Budget",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudWatch::Alarm",  # of which the stacks nested by observability.yaml consist
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Pipes::Pipe",
    "AWS::Route53Resolver::FirewallDomainList",
    "AWS::Route53Resolver::FirewallRuleGroup",
    "AWS::Route53Resolver::FirewallRuleGroupAssociation",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}
"""Types that moto's CloudFormation does not know."""
LEFT_OUT = LACKING | {
    "AWS::ApiGateway::Deployment",  # moto reads no methods from an API's body: nothing to deploy
    "AWS::CloudFormation::Stack",  # moto cannot tell their outputs; deployed one by one instead
}
_ALIAS = "AWS::Lambda::Alias"
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)([.}])")


def digestible(template: Evaluated, asked: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a template without what moto cannot take; its parameters and conditions stay.

    Gone are resources that are ``LEFT_OUT`` and assertions; references to the former become words,
    to an alias the function that it stands for.
    Put in are outputs of nested stacks, ``Fn::Cidr``, items of lists that depend on a condition,
    and the name of the API, which moto does not take from the API's body. ``asked`` are other
    outputs than the template's own.
    """
    whole = copy.deepcopy(dict(template.document))
    if asked:
        whole["Outputs"] = {key: {"Value": value} for key, value in asked.items()}
    absent = {name for name, has in whole["Resources"].items() if has["Type"] in LEFT_OUT}
    whole["Resources"] = {
        name: _without_dependencies(has, absent)
        for name, has in whole["Resources"].items()
        if name not in absent
    }
    for has in whole["Resources"].values():
        if has["Type"] == "AWS::ApiGateway::RestApi":
            has["Properties"]["Name"] = STACK
    whole.pop("Rules", None)
    return dict(_Digest(template, absent).of(whole))


def _without_dependencies(has: dict[str, Any], absent: set[str]) -> dict[str, Any]:
    kept = [name for name in as_list(has.pop("DependsOn", [])) if name not in absent]
    return {**has, "DependsOn": kept} if kept else has


@dataclass(frozen=True, slots=True)
class _Digest:
    template: Evaluated
    absent: set[str]

    def of(self, node: Any) -> Any:
        """Return a node that moto understands."""
        if isinstance(node, list):
            return [self.of(item) for item in map(self._chosen, node) if item != NOTHING]
        return self._mapping(node) if isinstance(node, dict) else node

    def _mapping(self, node: dict[str, Any]) -> Any:
        if "Fn::If" in node:
            return {
                "Fn::If": [each if each == NOTHING else self.of(each) for each in node["Fn::If"]]
            }
        if "Fn::Cidr" in node or _owner(node) in self.template.children:
            return self.template.value(node)
        if _owner(node) in self.absent:
            function = self._behind(_owner(node))
            return {"Fn::GetAtt": [function, "Arn"]} if function else f"absent-{_owner(node)}"
        if isinstance(node.get("Fn::Sub"), str):
            return {"Fn::Sub": _VARIABLE.sub(self._variable, node["Fn::Sub"])}
        return {key: self.of(item) for key, item in node.items()}

    def _behind(self, name: str) -> str:
        """Return the function that an alias stands for, empty for anything else."""
        has = self.template.document["Resources"][name]
        return _owner(has["Properties"]["FunctionName"]) if has["Type"] == _ALIAS else ""

    def _variable(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self.absent:
            return match[0]
        function = self._behind(name)
        return "${" + function + ".Arn}" if function else f"absent-{name}"

    def _chosen(self, item: Any) -> Any:
        if isinstance(item, dict) and NOTHING in item.get("Fn::If", [])[1:]:
            condition, there, otherwise = item["Fn::If"]
            return there if self.template.condition(condition) else otherwise
        return item


def _owner(node: Mapping[str, Any]) -> str:
    """Return the logical id that a Ref or a GetAtt names, empty for any other node."""
    if isinstance(node.get("Ref"), str):
        return str(node["Ref"])
    return str(as_list(node.get("Fn::GetAtt", [""]))[0])


def references(node: Any) -> Iterator[str]:
    """Yield every logical id that a node names."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        yield _owner(node)
        if "Fn::Sub" in node:
            yield from (name for name, _ in _VARIABLE.findall(as_list(node["Fn::Sub"])[0]))
        for item in node.values():
            yield from references(item)


@dataclass(slots=True)
class Deployer:
    """Deploys on moto in CloudFormation's order: whatever a nested stack needs comes before it.

    ``plan`` has the templates with the parameters; nested stacks tell it their real outputs.
    """

    given: Mapping[str, str]
    templates: Templates = field(default_factory=Templates.load)
    plan: Evaluated = field(init=False)
    _done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Work out what there is to make."""
        self.plan = copy.deepcopy(self.templates).deploy(self.given)

    def run(self) -> None:
        """Deploy everything."""
        _upload_code()
        while waiting := self.plan.children.keys() - self._done:
            ready = [name for name in waiting if not self._needs(name) & waiting]
            assert ready, f"{waiting} wait for each other"
            asked = {name: self._parameters(name) for name in ready}
            self._parent(without=self._dependent(waiting), asked=asked)
            for name in ready:
                self._nested(name)
        self._parent(without=set(), asked={})

    def again(self, templates: Templates, given: Mapping[str, str]) -> None:
        """Deploy the parent once more, with another template and other parameters.

        Nested stacks stay what they are: what they told is still true.
        """
        told = {name: child.document["Outputs"] for name, child in self.plan.children.items()}
        self.given, self.plan = given, copy.deepcopy(templates).deploy(given)
        for name, child in self.plan.children.items():
            child.document["Outputs"] = told[name]  # type: ignore[index]
        self._parent(without=set(), asked={})

    def _parameters(self, name: str) -> dict[str, Any]:
        return dict(self.plan.document["Resources"][name]["Properties"]["Parameters"])

    def _needs(self, name: str) -> set[str]:
        """Return everything that a resource depends on, however far away."""
        resources = self.plan.document["Resources"]
        needed: set[str] = set()
        new = {name}
        while new:
            needed |= new
            found = {one for each in new for one in references(resources[each])}
            found |= {one for each in new for one in as_list(resources[each].get("DependsOn", []))}
            new = (found & resources.keys()) - needed
        return needed - {name}

    def _dependent(self, nested: set[str]) -> set[str]:
        resources = self.plan.document["Resources"]
        return {name for name in resources if self._needs(name) & nested}

    def _parent(self, without: set[str], asked: Mapping[str, Mapping[str, Any]]) -> None:
        """Deploy the parent as far as it goes, and have it say what nested stacks are given."""
        said = {f"{n}X{key}": value for n, has in asked.items() for key, value in has.items()}
        whole = digestible(self.plan, said)
        for name in without:
            whole["Resources"].pop(name, None)
        _deploy(STACK, whole, self.given)

    def _nested(self, name: str) -> None:
        child = self.plan.children[name]
        told = outputs(STACK)
        given = {key: told.get(f"{name}X{key}", "") for key in self._parameters(name)}
        stack = f"{STACK}-{name}"
        _deploy(stack, digestible(child), given)
        said = {key: {"Value": value} for key, value in outputs(stack).items()}
        child.document["Outputs"] = said  # type: ignore[index]
        self._done.add(name)


def _upload_code() -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="placeholder")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("handler.py", "")
    s3.put_object(Bucket="placeholder", Key="code.zip", Body=archive.getvalue())


def _deploy(name: str, template: Mapping[str, Any], given: Mapping[str, str]) -> None:
    cloudformation = boto3.client("cloudformation")
    exists = any(one["StackName"] == name for one in cloudformation.describe_stacks()["Stacks"])
    change = cloudformation.update_stack if exists else cloudformation.create_stack
    change(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": str(value)} for key, value in given.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )


def outputs(name: str) -> dict[str, str]:
    """Return a stack's outputs."""
    [stack] = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def physical(name: str) -> dict[str, str]:
    """Return the physical ids of what a stack made, by logical id."""
    found = boto3.client("cloudformation").describe_stack_resources(StackName=name)
    return {
        one["LogicalResourceId"]: one.get("PhysicalResourceId", "")
        for one in found["StackResources"]
        if "LogicalResourceId" in one
    }
