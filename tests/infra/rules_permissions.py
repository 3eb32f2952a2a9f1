"""Who may do what: no more than the step needs, and as much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.infra.rules_storage import PREFIXES
from tests.infra.stack import NOTHING, Broken, Stack, as_list

EVERYWHERE = {
    # X-Ray knows no resources for these (AWS's service authorization reference).
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    # CodeDeploy lists alarms by name, and AWS's own policy for it says so, too.
    "cloudwatch:DescribeAlarms",
    # Lambda refuses a role that may not do these everywhere; the function's code is denied them.
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}
"""The only actions that are allowed on every resource, and why."""
COMMON = [
    {"Ref": "Tracing"},
    {"Ref": "VpcAccess"},
    {"Fn::If": ["UsesKey", {"Ref": "KeyUse"}, NOTHING]},
]
"""Policies of this stack that every function's role has."""
ENDS = {"IntakeRole", "SplitRole", "AssembleRole", "LostRole", "SweepRole"}
PUTS_AWAY = {"Fn::If": ["MovesOriginals", {"Ref": "PutAway"}, NOTHING]}
"""What those have besides that end documents."""

KEY_USERS = [
    {"Fn::Sub": service + ".${AWS::Region}.${AWS::URLSuffix}"}
    for service in ("s3", "sqs", "dynamodb")
]
UNASKED = {
    # These take a role from its own account only (iam:PassRole), so nobody can send them.
    "lambda.amazonaws.com",
    "apigateway.amazonaws.com",
}
_SECRET = re.compile(
    r"SECRET|TOKEN(?!_?URL)|PASSWORD|CREDENTIAL|API_?KEY|resolve:(ssm|secretsmanager)",
    re.IGNORECASE,
)

_OBJECTS = re.compile(
    r"arn:\$\{AWS::Partition\}:s3:::\$\{(?P<bucket>\w+)\}/(?P<prefix>[a-z]+/)(\*/early/)?\*(fanfold\.toml)?"
)
_BUCKET = "arn:${AWS::Partition}:s3:::${Bucket}"
_BUCKETS = {_BUCKET, "arn:${AWS::Partition}:s3:::${DerivedBucket}"}
_OF_THE_BUCKET = {"s3:ListBucket", "s3:ListBucketVersions"}


def every_function_has_a_role_of_its_own(stack: Stack) -> Iterator[str]:
    roles = [stack.role_of(function) for function, _ in stack.of("AWS::Lambda::Function")]
    for role in roles:
        if roles.count(role) > 1:
            yield f"{role} serves several functions"
        if role not in stack.resources:
            yield f"{role} does not exist"


def only_lambda_takes_the_roles(stack: Stack) -> Iterator[str]:
    for function, _ in stack.of("AWS::Lambda::Function"):
        role = stack.role_of(function)
        for statement in stack.properties(role)["AssumeRolePolicyDocument"]["Statement"]:
            if statement["Principal"] != {"Service": "lambda.amazonaws.com"}:
                yield f"{role} can be taken by {statement['Principal']}"


def permissions_are_our_own_words(stack: Stack) -> Iterator[str]:
    for function, _ in stack.of("AWS::Lambda::Function"):
        role = stack.role_of(function)
        wanted = [*COMMON, PUTS_AWAY] if role in ENDS else COMMON
        if stack.properties(role).get("ManagedPolicyArns") != wanted:
            yield f"{role} has policies that others write"


def nobody_may_do_everything(stack: Stack) -> Iterator[str]:
    for name, statement in _grants(stack):
        for action in as_list(statement["Action"]):
            if "*" in action:
                yield f"{name} may {action}"


def nobody_may_reach_everything(stack: Stack) -> Iterator[str]:
    for name, statement in _grants(stack):
        everything = "*" in as_list(statement["Resource"])
        if everything and not EVERYWHERE.issuperset(as_list(statement["Action"])):
            yield f"{name} reaches every resource"


def code_makes_no_network_interfaces(stack: Stack) -> Iterator[str]:
    statements = stack.properties("VpcAccess")["PolicyDocument"]["Statement"]
    function = "arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:*"
    theirs = {"ArnLike": {"lambda:SourceFunctionArn": {"Fn::Sub": function}}}
    denied = {
        action
        for statement in statements
        if (statement["Effect"], statement.get("Condition")) == ("Deny", theirs)
        for action in as_list(statement["Action"])
    }
    for statement in statements:
        if statement["Effect"] == "Allow":
            for action in set(as_list(statement["Action"])) - denied:
                yield f"a function's code may {action}"


def a_key_is_used_through_the_services_that_need_it(stack: Stack) -> Iterator[str]:
    for name, statement in _grants(stack):
        if any(action.startswith("kms:") for action in as_list(statement["Action"])):
            through = statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService")
            if statement["Resource"] != {"Ref": "KmsKeyArn"} or through != KEY_USERS:
                yield f"{name} may use the key for anything, or any key"


def a_function_writes_its_own_log_and_no_other(stack: Stack) -> Iterator[str]:
    start = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Stack}-"
    for function, has in stack.of("AWS::Lambda::Function"):
        group = stack.id_of(has["LoggingConfig"].get("LogGroup", {"Ref": "nothing"}))
        logs = [
            (set(actions), resources)
            for actions, resources in stack.allowed(stack.role_of(function))
            if any(action.startswith("logs:") for action in actions)
        ]
        own = [{"Fn::Sub": f"{start}{group}-*"}]
        if logs != [({"logs:CreateLogStream", "logs:PutLogEvents"}, own)]:
            yield f"{function} writes to {logs}, not to {group} alone"


def services_act_for_this_account_only(stack: Stack) -> Iterator[str]:
    for name, statement in _trusts(stack):
        service = statement["Principal"].get("Service", "")
        text = json.dumps(statement.get("Condition", {}))
        if service not in UNASKED and "aws:SourceArn" not in text:
            yield f"{name} trusts {service}, whoever sends it"


def _trusts(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement that names a principal and lets it do something."""
    for kind in ("AWS::IAM::Role", "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"):
        for name, has in stack.of(kind):
            document = has.get("AssumeRolePolicyDocument") or has["PolicyDocument"]
            for statement in document["Statement"]:
                if statement["Effect"] == "Allow":
                    yield name, statement


def functions_are_called_by_what_this_stack_made(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::Lambda::Permission"):
        if not has.get("SourceArn"):
            yield f"{name} lets any {has['Principal']} call"


def functions_hold_no_secrets(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        for name, value in has["Environment"]["Variables"].items():
            if _SECRET.search(name) or _SECRET.search(str(value)):
                yield f"{function} has {name} in clear"


def _grants(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::SQS::QueuePolicy"):
        for name, has in stack.of(kind):
            documents = [has["PolicyDocument"]] if "PolicyDocument" in has else []
            documents += [policy["PolicyDocument"] for policy in has.get("Policies", [])]
            for document in documents:
                for statement in document["Statement"]:
                    if statement["Effect"] == "Allow":
                        yield name, statement


def objects_are_reached_by_prefix(stack: Stack) -> Iterator[str]:
    for role, actions, resources in _allowed(stack):
        if not actions[0].startswith("s3:"):
            continue
        for resource in resources:
            text = resource["Fn::Sub"]
            below = _OBJECTS.fullmatch(text)
            whole = text in _BUCKETS and set(actions) <= _OF_THE_BUCKET
            if not whole and not (below and below["prefix"] in PREFIXES[below["bucket"]]):
                yield f"{role} reaches {text}"


def who_reads_objects_can_tell_gone_from_refused(stack: Stack) -> Iterator[str]:
    for function, _ in stack.of("AWS::Lambda::Function"):
        read, listed = set[str](), set[str]()
        for actions, resources in stack.allowed(stack.role_of(function)):
            texts = {resource["Fn::Sub"] for resource in resources if "Fn::Sub" in resource}
            if {"s3:GetObject", "s3:GetObjectVersion"} & set(actions):
                read |= {text.partition("/")[0] for text in texts}
            if "s3:ListBucket" in actions:
                listed |= texts
        for bucket in sorted(read - listed):
            yield f"{function} takes what is gone from {bucket} for refused"


def originals_are_written_by_uploads_only(stack: Stack) -> Iterator[str]:
    for role, actions, resources in _allowed(stack):
        targets = {resource.get("Fn::Sub", "") for resource in resources}
        for target in targets:
            below = _OBJECTS.fullmatch(target)
            source = below and below["prefix"] in ("inbox/", "uploads/")
            if source and "s3:PutObject" in actions and role != "ApiRole":
                yield f"{role} can set off the flow again"


def _allowed(stack: Stack) -> Iterator[tuple[str, list[str], list[Any]]]:
    for function, _ in stack.of("AWS::Lambda::Function"):
        role = stack.role_of(function)
        for actions, resources in stack.allowed(role):
            yield role, actions, resources


def a_function_sends_to_or_counts_the_queues_it_is_told_of(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        variables = has["Environment"]["Variables"].items()
        told = {stack.id_of(value) for name, value in variables if name.endswith("_QUEUE_URL")}
        counts = _queues(stack, function, "sqs:GetQueueAttributes") - _own_queues(stack, function)
        may = _queues(stack, function, "sqs:SendMessage") | counts
        if told != may:
            yield f"{function} is told of {sorted(told)} and may send to or count {sorted(may)}"


def a_function_takes_from_its_own_queues(stack: Stack) -> Iterator[str]:
    for function, _ in stack.of("AWS::Lambda::Function"):
        own = _own_queues(stack, function)
        for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage"):
            may = _queues(stack, function, action)
            if own != may:
                yield f"{function} may {action} on {sorted(may)} and consumes {sorted(own)}"
        if missing := own - _queues(stack, function, "sqs:GetQueueAttributes"):
            yield f"{function} consumes {sorted(missing)} and may not look at them"


def _own_queues(stack: Stack, function: str) -> set[str]:
    return {queue for consumer, queue, _ in stack.consumers() if consumer == function}


def _queues(stack: Stack, function: str, action: str) -> set[str]:
    return {
        stack.id_of(resource)
        for actions, resources in stack.allowed(stack.role_of(function))
        if action in actions
        for resource in resources
    }


_PAGE = "PageRole/Properties/Policies/0/PolicyDocument/Statement"
_SPLIT = "SplitRole/Properties/Policies/0/PolicyDocument/Statement"

BROKEN: list[Broken] = [
    (
        every_function_has_a_role_of_its_own,
        "PageHeavyFunction/Properties/Role",
        {"Fn::GetAtt": ["Permissions", "Outputs.PageRole"]},
    ),
    (
        only_lambda_takes_the_roles,
        "PageRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal",
        {"AWS": "*"},
    ),
    (
        permissions_are_our_own_words,
        "PageRole/Properties/ManagedPolicyArns/0",
        "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    ),
    (nobody_may_do_everything, f"{_PAGE}/1/Action", "s3:*"),
    (nobody_may_do_everything, f"{_PAGE}/1/Action/0", "s3:Get*"),
    (nobody_may_reach_everything, f"{_PAGE}/1/Resource", "*"),
    (
        code_makes_no_network_interfaces,
        "VpcAccess/Properties/PolicyDocument/Statement/1/Action/0",
        None,
    ),
    (
        code_makes_no_network_interfaces,
        "VpcAccess/Properties/PolicyDocument/Statement/1/Condition",
        {"StringLike": {"aws:PrincipalArn": "*"}},
    ),
    (
        a_key_is_used_through_the_services_that_need_it,
        "KeyUse/Properties/PolicyDocument/Statement/0/Condition",
        None,
    ),
    (
        a_key_is_used_through_the_services_that_need_it,
        "KeyUse/Properties/PolicyDocument/Statement/0/Resource",
        {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"},
    ),
    (
        a_function_writes_its_own_log_and_no_other,
        f"{_PAGE}/7/Resource/Fn::Sub",
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Stack}-*",
    ),
    (
        services_act_for_this_account_only,
        "FlowLogRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition",
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    ),
    (
        services_act_for_this_account_only,
        "ArrivalQueuesPolicy/Properties/PolicyDocument/Statement/1/Condition",
        {},
    ),
    (
        functions_are_called_by_what_this_stack_made,
        "ApiFunctionHealthPermissionapi/Properties/SourceArn",
        None,
    ),
    (
        functions_hold_no_secrets,
        "ApiFunction/Properties/Environment/Variables/POWERTOOLS_LOG_LEVEL",
        "{{resolve:ssm-secure:/fanfold/token}}",
    ),
    (
        functions_hold_no_secrets,
        "ApiFunction/Properties/Environment/Variables",
        {"WEBHOOK_SECRET": "hush"},
    ),
    (objects_are_reached_by_prefix, f"{_PAGE}/1/Resource/0/Fn::Sub", f"{_BUCKET}/*"),
    (objects_are_reached_by_prefix, f"{_PAGE}/1/Resource/0/Fn::Sub", f"{_BUCKET}/jobs/*"),
    (objects_are_reached_by_prefix, f"{_PAGE}/1/Resource/0/Fn::Sub", f"{_BUCKET}/work/*"),
    (objects_are_reached_by_prefix, f"{_PAGE}/2/Action/0", "s3:DeleteBucket"),
    (who_reads_objects_can_tell_gone_from_refused, f"{_PAGE}/2/Resource/1", None),
    (
        originals_are_written_by_uploads_only,
        f"{_PAGE}/3/Resource/0/Fn::Sub",
        f"{_BUCKET}/inbox/*",
    ),
    (a_function_sends_to_or_counts_the_queues_it_is_told_of, f"{_SPLIT}/7/Resource/0", None),
    (
        a_function_sends_to_or_counts_the_queues_it_is_told_of,
        "SplitFunction/Properties/Environment/Variables/FANFOLD_ASSEMBLE_QUEUE_URL",
        None,
    ),
    (
        a_function_takes_from_its_own_queues,
        f"{_PAGE}/0/Resource",
        {"Fn::GetAtt": ["HeavyQueue", "Arn"]},
    ),
    (a_function_takes_from_its_own_queues, f"{_PAGE}/0/Action/1", None),
    (a_function_takes_from_its_own_queues, f"{_PAGE}/0/Action/2", None),
]
