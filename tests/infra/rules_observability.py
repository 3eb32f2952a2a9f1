"""What holds for alarms, dashboard and topic: nothing breaks that nobody hears of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cli.planning import prices
from fanfold import errors, telemetry
from fanfold.model import Source, State
from tests.infra.alarms import alarms, metrics
from tests.infra.stack import ROOT, Broken, Stack

OPERATIONS = ROOT / "docs" / "operations.md"
SWEEPS = 5 * 60
HOUR = 3600
OF_A_TIMEOUT = 0.8
STEPS = {
    "intake": "IntakeFunction",
    "split": "SplitFunction",
    "page": "PageFunction",
    "heavy": "PageHeavyFunction",
    "assemble": "AssembleFunction",
    "notify": "NotifyFunction",
    "authorize": "AuthorizeFunction",
    "api": "ApiFunction",
    "lost": "LostFunction",
    "sweep": "SweepFunction",
}
"""Functions by what their own metrics call them (telemetry's dimension ``step``)."""
BOUNDED = {
    "step": set(STEPS),
    "state": set(State),
    "source": set(Source),
    "reason": {kind.code for kind in vars(errors).values() if hasattr(kind, "code")},
}
COUNTED = {
    "PagesDone": "source",
    "PageMilliseconds": "source",
    "PagesFailed": "reason",
    "DocumentsEnded": "state",
    "DocumentsFailed": "reason",
    "DocumentsResumed": "state",
    "RecordsFailed": "step",
    "GigabyteSeconds": "step",
}
"""The metrics of telemetry.EmfMeter and the one dimension that each has besides ``service``."""

_SECTION = re.compile(r"See docs/operations\.md#([\w-]+)$")
_SEARCHED = re.compile(r"SEARCH\('\{Fanfold,([\w,]+)\} MetricName=\"(\w+)\"")


def _watching(stack: Stack, name: str, **dimensions: Any) -> list[dict[str, Any]]:
    """Return the alarms that look at a metric with these dimensions."""
    return [
        alarm
        for _, alarm in alarms(stack)
        if any(m["MetricName"] == name and m["Seen"] == dimensions for m in metrics(alarm))
    ]


def every_function_has_its_alarms(stack: Stack) -> Iterator[str]:
    for function, _ in stack.of("AWS::Lambda::Function"):
        for metric in ("Errors", "Throttles", "Duration"):
            if len(_watching(stack, metric, FunctionName={"Ref": function})) != 1:
                yield f"nobody looks at {metric} of {function}"


def records_that_raise_count_as_errors(stack: Stack) -> Iterator[str]:
    for step, function in STEPS.items():
        [alarm] = _watching(stack, "Errors", FunctionName={"Ref": function})
        service = {"Ref": "AWS::StackName"}
        seen = [m["Seen"] for m in metrics(alarm) if m["MetricName"] == "RecordsFailed"]
        if seen != [{"service": service, "step": step}] or "records" not in _expression(alarm):
            yield f"{function} can fail on every message unheard"


def _expression(alarm: dict[str, Any]) -> str:
    return " ".join(one.get("Expression", "") for one in alarm["Metrics"])


def a_function_is_slow_at_four_fifths_of_its_timeout(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        [alarm] = _watching(stack, "Duration", FunctionName={"Ref": function})
        if float(alarm["Threshold"]) != has["Timeout"] * 1000 * OF_A_TIMEOUT:
            yield f"{function} is told of at {alarm['Threshold']} ms of {has['Timeout']} s"
        if alarm.get("ExtendedStatistic") != "p99":
            yield f"{function} is judged by another figure than p99"


def every_queue_says_when_messages_wait(stack: Stack) -> Iterator[str]:
    for queue, has in stack.of("AWS::SQS::Queue"):
        name = "ApproximateAgeOfOldestMessage"
        aged = _watching(stack, name, QueueName=has["QueueName"])
        if _is_dead(queue) == bool(aged):
            yield f"{queue} has {len(aged)} alarms for its age"


def every_dead_letter_is_told_of(stack: Stack) -> Iterator[str]:
    for queue, has in stack.of("AWS::SQS::Queue"):
        both = [
            _watching(stack, f"ApproximateNumberOfMessages{which}", QueueName=has["QueueName"])
            for which in ("Visible", "NotVisible")
        ]
        waits = {alarm["EvaluationPeriods"] for alarm in both[0] if alarm in both[1]}
        if _is_dead(queue) and waits != {1, 12}:
            yield f"{queue} is told of after {sorted(waits)} periods, hidden letters included"


def a_letter_is_unreadable_after_an_hour_of_tries(stack: Stack) -> Iterator[str]:
    for name, alarm in alarms(stack):
        if not name.endswith(".Unreadable"):
            continue
        [period, _] = [metric["Period"] for metric in metrics(alarm)]
        if period * alarm["EvaluationPeriods"] < HOUR or alarm["Threshold"] != 0:
            yield f"{name} does not wait for an hour"


def _is_dead(queue: str) -> bool:
    return queue.endswith("DeadLetterQueue")


def a_sweep_is_missed_before_the_fourth(stack: Stack) -> Iterator[str]:
    watching = _watching(stack, "Invocations", FunctionName={"Ref": "SweepFunction"})
    missing = [alarm for alarm in watching if alarm.get("TreatMissingData") == "breaching"]
    if not missing or missing[0]["ComparisonOperator"] != "LessThanThreshold":
        yield "a sweep that stopped is not missed"
    for alarm in missing:
        if not 2 * SWEEPS <= alarm["Period"] * alarm["EvaluationPeriods"] <= 3 * SWEEPS:
            yield "the sweep is missed too early or too late"


def silence_is_no_alarm_but_where_it_must_not_be(stack: Stack) -> Iterator[str]:
    for name, alarm in alarms(stack):
        loud = alarm.get("TreatMissingData") == "breaching"
        if loud != (name == "SweepMissing") or "TreatMissingData" not in alarm:
            yield f"{name} takes silence for {alarm.get('TreatMissingData')}"


def documents_and_api_have_their_alarms(stack: Stack) -> Iterator[str]:
    service = {"Ref": "AWS::StackName"}
    for state in (state for state in State if state.live and state is not State.UPLOADING):
        if not _watching(stack, "DocumentsResumed", service=service, state=state.value):
            yield f"a document that is stuck as {state} is not told of"
    for state in (State.SUCCEEDED, State.PARTIAL):
        if not _watching(stack, "DocumentsEnded", service=service, state=state.value):
            yield f"the rate of documents that lack pages does not know {state}"
    if not _watching(stack, "5XXError", ApiName=service, Stage="api"):
        yield "an API that fails is not told of"


def alarms_tell_when_they_begin_and_when_they_end(stack: Stack) -> Iterator[str]:
    for name, alarm in alarms(stack):
        if not alarm.get("AlarmActions") or alarm.get("OKActions") != alarm["AlarmActions"]:
            yield f"{name} tells nobody"


def every_alarm_has_its_section(stack: Stack) -> Iterator[str]:
    sections = _sections()
    for name, alarm in alarms(stack):
        found = _SECTION.search(_plain(alarm["AlarmDescription"]))
        if not found or found[1] not in sections:
            yield f"{name} leads nowhere in docs/operations.md"


def every_section_has_its_alarm(stack: Stack) -> Iterator[str]:
    told = {_plain(alarm["AlarmDescription"]).rpartition("#")[2] for _, alarm in alarms(stack)}
    told |= {"budget"} if "Budget" in stack.resources else set()
    for section in _sections() - told:
        yield f"no alarm leads to the section {section}"


def _sections() -> set[str]:
    """Return the sections on single alarms in docs/operations.md."""
    text = OPERATIONS.read_text("utf-8").partition("\n## Alarms\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^### ([\w-]+)$", text, re.MULTILINE))


def _plain(text: Any) -> str:
    return str(text["Fn::Sub"] if isinstance(text, dict) else text)


def only_metrics_that_exist_are_looked_at(stack: Stack) -> Iterator[str]:
    for name, alarm in alarms(stack):
        for metric in metrics(alarm):
            if metric["Namespace"] != telemetry.NAMESPACE:
                continue
            own = COUNTED.get(metric["MetricName"])
            if own is None or set(metric["Seen"]) != {"service", own}:
                yield f"{name} looks at {metric['MetricName']} by {sorted(metric['Seen'])}"
            elif metric["Seen"][own] not in BOUNDED[own]:
                yield f"{name} looks at {own} {metric['Seen'][own]}"


def the_dashboard_shows_what_is_counted(stack: Stack) -> Iterator[str]:
    for widget in _widgets(stack):
        for line in widget["properties"]["metrics"]:
            text = line[0]["expression"] if isinstance(line[0], dict) else ""
            for dimensions, metric in _SEARCHED.findall(text):
                if set(dimensions.split(",")) != {"service", COUNTED.get(metric)}:
                    yield f"the dashboard looks for {metric} by {dimensions}"
            if line[0] == telemetry.NAMESPACE and COUNTED.get(line[1]) not in line:
                yield f"the dashboard shows {line[1]}"


def the_dashboard_shows_what_was_promised(stack: Stack) -> Iterator[str]:
    titles = " ".join(widget["properties"]["title"] for widget in _widgets(stack))
    for wanted in ("Documents by state", "Pages a second", "Age", "Failures by reason", "dollars"):
        if wanted not in titles:
            yield f"the dashboard lacks {wanted}"


def _widgets(stack: Stack) -> list[dict[str, Any]]:
    body, _ = stack.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    return list(json.loads(body)["widgets"])


def dollars_are_those_of_the_price_table(stack: Stack) -> Iterator[str]:
    _, values = stack.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    table = prices.load()
    wanted = ["IsArm", table["lambda.gb_second_arm64"], table["lambda.gb_second_x86_64"]]
    condition, *shown = values["Price"].get("Fn::If", ["", 0, 0])
    if [condition, *map(float, shown)] != wanted:
        yield f"the dashboard prices a GB-second at {shown}"


def alarms_reach_the_topic(stack: Stack) -> Iterator[str]:
    key = stack.properties("TopicKey")
    if stack.properties("Topic").get("KmsMasterKeyId") != {"Ref": "TopicKey"}:
        yield "the topic is not encrypted with a key that lets CloudWatch in"
    if key.get("EnableKeyRotation") is not True:
        yield "the topic's key stays the same for ever"
    documents = {"key": key["KeyPolicy"]}
    documents["topic"] = stack.properties("TopicPolicy")["PolicyDocument"]
    for what, document in documents.items():
        let_in = {
            service
            for statement in document["Statement"]
            if statement["Effect"] == "Allow" and "Service" in statement["Principal"]
            for service in statement["Principal"]["Service"]
        }
        if let_in != {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}:
            yield f"the {what} lets in {sorted(let_in)}"


def nobody_else_speaks_on_the_topic(stack: Stack) -> Iterator[str]:
    own = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    [deny, *others] = stack.properties("TopicPolicy")["PolicyDocument"]["Statement"]
    if deny["Effect"] != "Deny" or "aws:SecureTransport" not in deny["Condition"]["Bool"]:
        yield "the topic can be spoken to without TLS"
    for statement in [*others, *stack.properties("TopicKey")["KeyPolicy"]["Statement"]]:
        if "Service" in statement["Principal"] and statement.get("Condition") != own:
            yield f"{statement['Sid']} lets in what other accounts send"


def the_bill_is_watched_if_a_limit_is_set(stack: Stack) -> Iterator[str]:
    budget = stack.properties("Budget")
    kinds = {
        told["Notification"]["NotificationType"]
        for told in budget["NotificationsWithSubscribers"]
        if told["Subscribers"] == [{"SubscriptionType": "SNS", "Address": {"Ref": "Topic"}}]
    }
    if kinds != {"ACTUAL", "FORECASTED"}:
        yield f"the bill is told of as {sorted(kinds)}"
    if stack.resources["Budget"].get("Condition") != "HasBudget":
        yield "everybody gets a budget"


def every_nat_gateway_has_its_alarm(stack: Stack) -> Iterator[str]:
    gateways = [name for name, _ in stack.of("AWS::EC2::NatGateway")]
    watched = [
        name for name, alarm in alarms(stack) if alarm.get("MetricName") == "ErrorPortAllocation"
    ]
    if len(watched) != len(gateways):
        yield f"{len(gateways)} NAT gateways have {len(watched)} alarms"


def what_nobody_watches_is_not_counted(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        disabled = has["Environment"]["Variables"].get("POWERTOOLS_METRICS_DISABLED")
        if disabled != {"Fn::If": ["IsWatched", "false", "true"]}:
            yield f"{function} counts where nobody watches, or not where somebody does"


_PAGE = "WatchPage."
_FAILING = f"{_PAGE}Errors/Properties"
_BODY = "Dashboard/Properties/DashboardBody/Fn::Sub"
_TOPIC = "TopicPolicy/Properties/PolicyDocument/Statement"
_KEY = "TopicKey/Properties"

BROKEN: list[Broken] = [
    (every_function_has_its_alarms, f"{_PAGE}Throttles/Properties/MetricName", "Errors"),
    (every_function_has_its_alarms, "WatchSweep.Duration", None),
    (records_that_raise_count_as_errors, f"{_FAILING}/Metrics/2", None),
    (records_that_raise_count_as_errors, f"{_FAILING}/Metrics/0/Expression", "errors"),
    (
        records_that_raise_count_as_errors,
        f"{_FAILING}/Metrics/2/MetricStat/Metric/Dimensions/1/Value",
        "heavy",
    ),
    (
        a_function_is_slow_at_four_fifths_of_its_timeout,
        f"{_PAGE}Duration/Properties/Threshold",
        60000,
    ),
    (a_function_is_slow_at_four_fifths_of_its_timeout, "ApiFunction/Properties/Timeout", 20),
    (
        a_function_is_slow_at_four_fifths_of_its_timeout,
        f"{_PAGE}Duration/Properties/ExtendedStatistic",
        "p50",
    ),
    (every_queue_says_when_messages_wait, "WatchPageQueue.Age", None),
    (every_dead_letter_is_told_of, "WatchHeavyQueue.Letters", None),
    (every_dead_letter_is_told_of, "WatchHeavyQueue.Letters/Properties/Metrics/2", None),
    (
        a_letter_is_unreadable_after_an_hour_of_tries,
        "WatchSplitQueue.Unreadable/Properties/EvaluationPeriods",
        2,
    ),
    (a_sweep_is_missed_before_the_fourth, "SweepMissing/Properties/Period", 7200),
    (a_sweep_is_missed_before_the_fourth, "SweepMissing", None),
    (
        silence_is_no_alarm_but_where_it_must_not_be,
        "SweepMissing/Properties/TreatMissingData",
        None,
    ),
    (
        silence_is_no_alarm_but_where_it_must_not_be,
        "ApiFailures/Properties/TreatMissingData",
        "breaching",
    ),
    (documents_and_api_have_their_alarms, "StuckDocuments/Properties/Metrics/3", None),
    (documents_and_api_have_their_alarms, "PartialDocuments", None),
    (documents_and_api_have_their_alarms, "ApiFailures/Properties/Dimensions/1/Value", "Prod"),
    (alarms_tell_when_they_begin_and_when_they_end, f"{_FAILING}/AlarmActions", []),
    (alarms_tell_when_they_begin_and_when_they_end, f"{_FAILING}/OKActions", None),
    (every_alarm_has_its_section, f"{_FAILING}/AlarmDescription", "Something is wrong."),
    (every_alarm_has_its_section, f"{_FAILING}/AlarmDescription", "See docs/operations.md#x"),
    (every_section_has_its_alarm, "SweepMissing", None),
    (every_section_has_its_alarm, "Budget", None),
    (
        only_metrics_that_exist_are_looked_at,
        "StuckDocuments/Properties/Metrics/1/MetricStat/Metric/MetricName",
        "DocumentsStuck",
    ),
    (
        only_metrics_that_exist_are_looked_at,
        "StuckDocuments/Properties/Metrics/1/MetricStat/Metric/Dimensions/1/Value",
        "STUCK",
    ),
    (the_dashboard_shows_what_was_promised, f"{_BODY}/0", '{"widgets": []}'),
    (
        the_dashboard_shows_what_is_counted,
        f"{_BODY}/0",
        '{"widgets": [{"properties": {"title": "", "metrics": [["Fanfold", "PagesRead"]]}}]}',
    ),
    (dollars_are_those_of_the_price_table, f"{_BODY}/1/Price/Fn::If/1", "0.00002"),
    (alarms_reach_the_topic, "Topic/Properties/KmsMasterKeyId", "alias/aws/sns"),
    (alarms_reach_the_topic, f"{_KEY}/EnableKeyRotation", None),
    (alarms_reach_the_topic, f"{_KEY}/KeyPolicy/Statement/1/Principal/Service", []),
    (nobody_else_speaks_on_the_topic, f"{_TOPIC}/0/Effect", "Allow"),
    (nobody_else_speaks_on_the_topic, f"{_TOPIC}/1/Condition", None),
    (the_bill_is_watched_if_a_limit_is_set, "Budget/Condition", None),
    (
        the_bill_is_watched_if_a_limit_is_set,
        "Budget/Properties/NotificationsWithSubscribers/1",
        None,
    ),
    (every_nat_gateway_has_its_alarm, "NatPorts2", None),
    (
        what_nobody_watches_is_not_counted,
        "PageFunction/Properties/Environment/Variables/POWERTOOLS_METRICS_DISABLED",
        "true",
    ),
]
