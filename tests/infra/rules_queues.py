"""What holds for every queue and for whoever takes from it."""

from __future__ import annotations

from collections.abc import Iterator

from fanfold.stages.backlog import MAXIMUM_WAITS
from tests.infra.stack import NOTHING, Broken, Stack, as_list

TIMEOUTS_PER_VISIBILITY = 6
"""AWS's own advice for queues in front of functions: six times the function's timeout."""
FOURTEEN_DAYS = 14 * 24 * 60 * 60
REDRIVE = {
    "IntakeQueue": ("IntakeDeadLetterQueue", 5),
    "SplitQueue": ("SplitDeadLetterQueue", 5),
    "PageQueue": ("HeavyQueue", 20),
    "HeavyQueue": ("HeavyDeadLetterQueue", 23),
    "AssembleQueue": ("AssembleDeadLetterQueue", 5),
    "NotifyQueue": ("NotifyDeadLetterQueue", 5),
}


def messages_stay_hidden_while_they_are_worked_on(stack: Stack) -> Iterator[str]:
    for function, queue, _ in stack.consumers():
        least = TIMEOUTS_PER_VISIBILITY * stack.properties(function)["Timeout"]
        if stack.properties(queue)["VisibilityTimeout"] < least:
            yield f"{queue} needs {least} s for {function}"


def what_fails_goes_where_it_should(stack: Stack) -> Iterator[str]:
    for queue, has in stack.of("AWS::SQS::Queue"):
        redrive = has.get("RedrivePolicy")
        found = redrive and (
            stack.id_of(redrive["deadLetterTargetArn"]),
            redrive["maxReceiveCount"],
        )
        if found != REDRIVE.get(queue):
            yield f"{queue} redrives to {found}, not to {REDRIVE.get(queue)}"


def dead_letters_come_from_one_queue_only(stack: Stack) -> Iterator[str]:
    for source, (target, _) in REDRIVE.items():
        allows = stack.properties(target).get("RedriveAllowPolicy", {})
        sources = [stack.id_of(arn) for arn in allows.get("sourceQueueArns", [])]
        if allows.get("redrivePermission") != "byQueue" or sources != [source]:
            yield f"{target} takes letters of {sources}, not of {source} alone"


def messages_are_kept_as_long_as_sqs_can(stack: Stack) -> Iterator[str]:
    for queue, has in stack.of("AWS::SQS::Queue"):
        if has.get("MessageRetentionPeriod") != FOURTEEN_DAYS:
            yield f"{queue} forgets"


def documents_are_waited_for_as_long_as_their_messages(stack: Stack) -> Iterator[str]:
    hours = {has["MessageRetentionPeriod"] / 3600 for _, has in stack.of("AWS::SQS::Queue")}
    if hours != {MAXIMUM_WAITS}:
        yield f"the sweep waits for {MAXIMUM_WAITS} hours, queues keep messages for {hours}"


def messages_are_encrypted(stack: Stack) -> Iterator[str]:
    for queue, has in stack.of("AWS::SQS::Queue"):
        if has.get("SqsManagedSseEnabled") != {"Fn::If": ["UsesKey", False, True]}:
            yield f"{queue} is not encrypted"
        if has.get("KmsMasterKeyId") != {"Fn::If": ["UsesKey", {"Ref": "KmsKeyArn"}, NOTHING]}:
            yield f"{queue} does not take a key of one's own"


def queues_speak_tls_only(stack: Stack) -> Iterator[str]:
    told = stack.properties("Permissions")["Parameters"]
    guarded: set[str] = set()
    for _, policy in stack.of("AWS::SQS::QueuePolicy"):
        if _refuses_plain_text(policy):
            urls = told[policy["Queues"]["Ref"]]["Fn::Join"][1]
            guarded |= {stack.id_of(url) for url in urls}
    for queue, _ in stack.of("AWS::SQS::Queue"):
        if queue not in guarded:
            yield f"{queue} can be spoken to without TLS"


def _refuses_plain_text(policy: dict[str, dict[str, list[dict[str, object]]]]) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and as_list(statement["Action"]) == ["sqs:*"]
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
        for statement in policy["PolicyDocument"]["Statement"]
    )


def good_records_of_a_bad_batch_stay_done(stack: Stack) -> Iterator[str]:
    for function, queue, mapping in stack.consumers():
        if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{function} cannot report single records of {queue}"


def every_source_has_its_ceiling(stack: Stack) -> Iterator[str]:
    for function, queue, mapping in stack.consumers():
        if "MaximumConcurrency" not in mapping.get("ScalingConfig", {}):
            yield f"{queue} can take every execution of the account for {function}"


def every_queue_has_exactly_one_consumer(stack: Stack) -> Iterator[str]:
    consumed = [queue for _, queue, _ in stack.consumers()]
    for queue, _ in stack.of("AWS::SQS::Queue"):
        if consumed.count(queue) != 1:
            yield f"{queue} has {consumed.count(queue)} consumers"


def arrivals_reach_intake_and_nothing_else_does(stack: Stack) -> Iterator[str]:
    rule = stack.properties("ArrivalRule")
    [target] = rule["Targets"]
    if rule["EventPattern"] != {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [{"Ref": "Bucket"}]},
            "object": {"key": [{"prefix": "inbox/"}, {"prefix": "uploads/"}]},
        },
    }:
        yield "the rule lets other events through, or fewer"
    if stack.id_of(target["Arn"]) != "IntakeQueue":
        yield "arrivals go elsewhere"
    if stack.id_of(target.get("DeadLetterConfig", {}).get("Arn", {"Ref": ""})) == "":
        yield "what EventBridge cannot deliver is lost"


def only_the_arrival_rule_may_send_from_outside(stack: Stack) -> Iterator[str]:
    for name, policy in stack.of("AWS::SQS::QueuePolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            condition = statement["Condition"].get("ArnEquals", {})
            rule = condition == {"aws:SourceArn": {"Ref": "ArrivalRuleArn"}}
            if statement["Effect"] == "Allow" and not rule:
                yield f"{name} lets others send"


_TO_INTAKE = "ArrivalRule/Properties/Targets/0"
_TLS = "InnerQueuesPolicy/Properties/PolicyDocument/Statement/0"
_OUTSIDE = "ArrivalQueuesPolicy/Properties/PolicyDocument/Statement/1"

BROKEN: list[Broken] = [
    (messages_stay_hidden_while_they_are_worked_on, "PageQueue/Properties/VisibilityTimeout", 359),
    (messages_stay_hidden_while_they_are_worked_on, "LostFunction/Properties/Timeout", 61),
    (what_fails_goes_where_it_should, "SplitQueue/Properties/RedrivePolicy", None),
    (what_fails_goes_where_it_should, "PageQueue/Properties/RedrivePolicy/maxReceiveCount", 1),
    (
        what_fails_goes_where_it_should,
        "PageQueue/Properties/RedrivePolicy/deadLetterTargetArn",
        {"Fn::GetAtt": ["HeavyDeadLetterQueue", "Arn"]},
    ),
    (dead_letters_come_from_one_queue_only, "HeavyQueue/Properties/RedriveAllowPolicy", None),
    (
        dead_letters_come_from_one_queue_only,
        "HeavyQueue/Properties/RedriveAllowPolicy/redrivePermission",
        "allowAll",
    ),
    (
        messages_are_kept_as_long_as_sqs_can,
        "SplitDeadLetterQueue/Properties/MessageRetentionPeriod",
        345600,
    ),
    (messages_are_kept_as_long_as_sqs_can, "PageQueue/Properties/MessageRetentionPeriod", None),
    (
        documents_are_waited_for_as_long_as_their_messages,
        "PageQueue/Properties/MessageRetentionPeriod",
        345600,
    ),
    (messages_are_encrypted, "HeavyQueue/Properties/SqsManagedSseEnabled", None),
    (messages_are_encrypted, "PageQueue/Properties/SqsManagedSseEnabled/Fn::If/2", False),
    (messages_are_encrypted, "SplitQueue/Properties/KmsMasterKeyId", None),
    (queues_speak_tls_only, f"{_TLS}/Effect", "Allow"),
    (
        queues_speak_tls_only,
        "Permissions/Properties/Parameters/InnerQueues/Fn::Join/1/0",
        {"Ref": "IntakeQueue"},
    ),
    (
        good_records_of_a_bad_batch_stay_done,
        "PageFunctionQueue/Properties/FunctionResponseTypes",
        None,
    ),
    (every_source_has_its_ceiling, "SplitFunctionQueue/Properties/ScalingConfig", None),
    (
        every_queue_has_exactly_one_consumer,
        "LostFunctionHeavy/Properties/EventSourceArn",
        {"Fn::GetAtt": ["HeavyQueue", "Arn"]},
    ),
    (
        arrivals_reach_intake_and_nothing_else_does,
        "ArrivalRule/Properties/EventPattern/detail/object",
        None,
    ),
    (arrivals_reach_intake_and_nothing_else_does, f"{_TO_INTAKE}/DeadLetterConfig", None),
    (
        arrivals_reach_intake_and_nothing_else_does,
        f"{_TO_INTAKE}/Arn",
        {"Fn::GetAtt": ["SplitQueue", "Arn"]},
    ),
    (only_the_arrival_rule_may_send_from_outside, f"{_OUTSIDE}/Condition/ArnEquals", None),
]
