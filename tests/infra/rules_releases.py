"""What holds for releases: a new version is reached through its alias, watched, and turned back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.infra.alarms import alarms
from tests.infra.rules_observability import STEPS
from tests.infra.stack import ROOT, Broken, Stack, as_list

MOST_ALARMS = 10
"""Of one deployment group (CodeDeploy quotas)."""
ROLLBACKS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"}
POLICY = ROOT / "infra" / "aws" / "stack-policy.json"

_CANARY = re.compile(r"Canary\d+Percent(\d+)Minutes")
_OWN_FUNCTIONS = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Stack}-*"


def every_function_is_reached_through_its_alias(stack: Stack) -> Iterator[str]:
    aliases = {name for name, _ in stack.of("AWS::Lambda::Alias")}
    for kind, place in (
        ("AWS::Lambda::EventSourceMapping", "FunctionName"),
        ("AWS::Lambda::Permission", "FunctionName"),
    ):
        for name, has in stack.of(kind):
            if has[place].get("Ref") not in aliases:
                yield f"{name} leads past the alias"
    for target in stack.properties("SweepFunctionClock")["Targets"]:
        if target["Arn"].get("Ref") not in aliases:
            yield "the clock leads past the alias"
    for path, methods in stack.properties("Api")["Body"]["paths"].items():
        for route in methods.values():
            uri = route["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            if not any("${" + alias + "}" in uri for alias in aliases):
                yield f"{path} leads past the alias"


def every_alias_moves_by_a_deployment(stack: Stack) -> Iterator[str]:
    for name, resource in stack.resources.items():
        moved = resource.get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate", {})
        group = moved.get("DeploymentGroupName", {}).get("Ref")
        if resource["Type"] == "AWS::Lambda::Alias" and group not in stack.resources:
            yield f"{name} moves at once, unwatched"


def every_release_is_turned_back_by_any_step(stack: Stack) -> Iterator[str]:
    # CodeDeploy heeds ten; what a webhook is not told of comes again.
    wanted = {f"${{AWS::StackName}}-{step}-errors" for step in STEPS if step != "notify"}
    wanted |= {"${AWS::StackName}-api-failures"}
    for name, group in stack.of("AWS::CodeDeploy::DeploymentGroup"):
        watched = _watched(group)
        if watched != wanted or len(watched) > MOST_ALARMS:
            yield f"{name} does not heed {sorted(wanted - watched)}"
        if set(group["AutoRollbackConfiguration"].get("Events", [])) != ROLLBACKS:
            yield f"{name} does not go back by itself"


def releases_heed_alarms_that_exist(stack: Stack) -> Iterator[str]:
    called = {_text(alarm["AlarmName"]) for _, alarm in alarms(stack)}
    for name, group in stack.of("AWS::CodeDeploy::DeploymentGroup"):
        for missing in _watched(group) - called:
            yield f"{name} heeds {missing}, which does not exist"


def _watched(group: dict[str, Any]) -> set[str]:
    condition, heeded, otherwise = group["AlarmConfiguration"]["Fn::If"]
    heeds = (condition, otherwise, heeded["Enabled"]) == ("TurnsBack", {}, True)
    return {_text(alarm["Name"]) for alarm in heeded["Alarms"]} if heeds else set()


def _text(value: Any) -> str:
    return str(value["Fn::Sub"] if isinstance(value, dict) else value)


def a_canary_lives_long_enough_to_be_seen_dying(stack: Stack) -> Iterator[str]:
    [slowest] = {alarm["Metrics"][1]["MetricStat"]["Period"] for _, alarm in _failing(stack)}
    for name, group in stack.of("AWS::CodeDeploy::DeploymentGroup"):
        pace = group["DeploymentConfigName"]["Fn::Sub"][1]["ConfigName"]
        found = _CANARY.fullmatch(pace)
        if not found or int(found[1]) * 60 < 2 * slowest:
            yield f"{name} is over before its alarm has looked twice"


def _failing(stack: Stack) -> list[tuple[str, dict[str, Any]]]:
    return [(name, alarm) for name, alarm in alarms(stack) if name.endswith(".Errors")]


def releases_move_aliases_of_this_stack_and_nothing_else(stack: Stack) -> Iterator[str]:
    role = stack.properties("DeployRole")
    [trusted] = role["AssumeRolePolicyDocument"]["Statement"]
    if trusted["Principal"] != {"Service": "codedeploy.amazonaws.com"}:
        yield f"{trusted['Principal']} may take the role of releases"
    if "ManagedPolicyArns" in role:
        yield "others write what releases may do"
    for actions, resources in stack.allowed("DeployRole"):
        services = {action.partition(":")[0] for action in actions}
        own = {"lambda": _OWN_FUNCTIONS, "cloudwatch": "*"}
        if [own.get(service) for service in services] != [_text(one) for one in resources]:
            yield f"releases may {actions} on {resources}"
    for name, group in stack.of("AWS::CodeDeploy::DeploymentGroup"):
        if group["ServiceRoleArn"] != {"Fn::GetAtt": ["Permissions", "Outputs.DeployRole"]}:
            yield f"{name} has a role of its own"


def no_update_replaces_what_holds_data(stack: Stack) -> Iterator[str]:
    """Check resources that outlive the stack, and queues, against the stack's policy."""
    kept = {
        resource["Type"]
        for name, resource in stack.resources.items()
        if str(resource.get("DeletionPolicy")).startswith("Retain")
        and not _of_the_account(name, resource)
    }
    for kind in sorted((kept | {"AWS::SQS::Queue"}) - _guarded(json.loads(POLICY.read_text()))):
        yield f"an update may replace {kind}"


def _of_the_account(name: str, resource: dict[str, Any]) -> bool:
    """Versions go with their function, and API Gateway's role for logs is the account's."""
    return resource["Type"] == "AWS::Lambda::Version" or name.startswith("ApiLog")


def _guarded(policy: dict[str, Any]) -> set[str]:
    return {
        kind
        for statement in policy["Statement"]
        if statement["Effect"] == "Deny"
        and {"Update:Replace", "Update:Delete"} <= set(as_list(statement["Action"]))
        for kind in statement["Condition"]["StringEquals"]["ResourceType"]
    }


_GROUP = "PageFunctionDeploymentGroup/Properties"
_ALARMS = f"{_GROUP}/AlarmConfiguration/Fn::If/1/Alarms"
_DEPLOY = "DeployRole/Properties"

BROKEN: list[Broken] = [
    (
        every_function_is_reached_through_its_alias,
        "PageFunctionQueue/Properties/FunctionName",
        {"Ref": "PageFunction"},
    ),
    (
        every_function_is_reached_through_its_alias,
        "SweepFunctionClock/Properties/Targets/0/Arn",
        {"Fn::GetAtt": ["SweepFunction", "Arn"]},
    ),
    (
        every_function_is_reached_through_its_alias,
        "Api/Properties/Body/paths/~1health/x-amazon-apigateway-any-method/x-amazon-apigateway-integration/uri/Fn::Sub",
        "${ApiFunction.Arn}/invocations",
    ),
    (every_alias_moves_by_a_deployment, "PageFunctionAliaslive/UpdatePolicy", {}),
    (every_alias_moves_by_a_deployment, "PageFunctionDeploymentGroup", None),
    (every_release_is_turned_back_by_any_step, f"{_ALARMS}/2", None),
    (every_release_is_turned_back_by_any_step, f"{_GROUP}/AutoRollbackConfiguration/Events/1", "X"),
    (
        every_release_is_turned_back_by_any_step,
        f"{_GROUP}/AlarmConfiguration/Fn::If/1/Enabled",
        False,
    ),
    (every_release_is_turned_back_by_any_step, f"{_GROUP}/AlarmConfiguration/Fn::If/0", "InVpc"),
    (releases_heed_alarms_that_exist, "WatchPage.Errors/Properties/AlarmName", "another"),
    (
        a_canary_lives_long_enough_to_be_seen_dying,
        f"{_GROUP}/DeploymentConfigName/Fn::Sub/1/ConfigName",
        "AllAtOnce",
    ),
    (
        a_canary_lives_long_enough_to_be_seen_dying,
        f"{_GROUP}/DeploymentConfigName/Fn::Sub/1/ConfigName",
        "Canary10Percent5Minutes",
    ),
    (
        releases_move_aliases_of_this_stack_and_nothing_else,
        f"{_DEPLOY}/Policies/0/PolicyDocument/Statement/0/Resource",
        {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"},
    ),
    (
        releases_move_aliases_of_this_stack_and_nothing_else,
        f"{_DEPLOY}/AssumeRolePolicyDocument/Statement/0/Principal",
        {"AWS": "*"},
    ),
    (releases_move_aliases_of_this_stack_and_nothing_else, f"{_GROUP}/ServiceRoleArn", "role"),
    (no_update_replaces_what_holds_data, "Bucket/Type", "AWS::S3Express::DirectoryBucket"),
]
