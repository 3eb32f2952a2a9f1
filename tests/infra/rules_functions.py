"""What holds for every function and what is promised about single ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fanfold import settings
from tests.infra.stack import Broken, Stack

PROMISED = {
    # memory in MB, timeout in s, messages at a time
    "PageFunction": (320, 60, 1),
    "PageHeavyFunction": (3008, 300, 1),
}
READERS = ("TesserocrLayer", "NeuralLayer")
"""Layers in which the lanes may differ."""
SPARE_SECONDS = 5
"""What a step needs after its child was ended: to say so, and to send one message."""
HTTP_SECONDS = 29
"""API Gateway gives up on a function after this."""

_READ = set(re.findall(r"FANFOLD_[A-Z_]+", Path(settings.__file__).read_text("utf-8")))
_QUEUE = re.compile(r"FANFOLD_([A-Z]+)_QUEUE_URL")


def pages_are_read_within_what_is_promised(stack: Stack) -> Iterator[str]:
    sizes = {function: mapping["BatchSize"] for function, _, mapping in stack.consumers()}
    for function, promise in PROMISED.items():
        has = stack.properties(function)
        if (has["MemorySize"], has["Timeout"], sizes[function]) != promise:
            yield f"{function} is not {promise}"


def both_lanes_run_the_same_code(stack: Stack) -> Iterator[str]:
    small, heavy = stack.properties("PageFunction"), stack.properties("PageHeavyFunction")
    same = [
        [layer for layer in lane["Layers"] if not any(_is_layer(layer, one) for one in READERS)]
        for lane in (small, heavy)
    ]
    if small["Handler"] != heavy["Handler"] or same[0] != same[1]:
        yield "the heavy lane runs other code"
    lanes = [lane["Environment"]["Variables"].get("FANFOLD_LANE") for lane in (small, heavy)]
    if lanes != [None, "heavy"]:
        yield f"the lanes call themselves {lanes}"


def pages_are_sent_where_the_second_reader_is(stack: Stack) -> Iterator[str]:
    having = {
        function
        for function, has in stack.of("AWS::Lambda::Function")
        if any(_is_layer(layer, "NeuralLayer") for layer in has["Layers"])
    }
    sent = stack.properties("PageFunction")["Environment"]["Variables"].get("FANFOLD_SECOND_READER")
    if having != ({"PageHeavyFunction"} if sent == "heavy" else set()):
        yield f"pages are sent to {sent}, and {sorted(having)} have the second reader"


def a_library_that_is_named_is_there(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        named = has["Environment"]["Variables"].get("FANFOLD_LIBTESSERACT") == settings.WHEEL
        if named != any(_is_layer(layer, "TesserocrLayer") for layer in has["Layers"]):
            yield f"{function} has a library that it does not use, or lacks one"


def a_step_outlives_its_child(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        child = has["Environment"]["Variables"].get("FANFOLD_CHILD_SECONDS", 0)
        if child > has["Timeout"] - SPARE_SECONDS:
            yield f"{function} ends before it can say that its child took too long"


def documents_are_touched_by_a_child_with_limits(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        touches = any(_is_layer(layer, "ImagingLayer") for layer in has["Layers"])
        if touches and "FANFOLD_CHILD_SECONDS" not in has["Environment"]["Variables"]:
            yield f"{function} gives its child the default time"


def every_function_has_the_package(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        layers = [layer for layer in has["Layers"] if _is_layer(layer, "CoreLayer")]
        if len(layers) != 1:
            yield f"{function} has the core layer {len(layers)} times"


def _is_layer(layer: dict[str, str], name: str) -> bool:
    return layer.get("Ref", "").startswith(name)  # SAM appends a hash


def the_api_answers_before_the_gateway_gives_up(stack: Stack) -> Iterator[str]:
    if stack.properties("ApiFunction")["Timeout"] > HTTP_SECONDS:
        yield "the gateway gives up first"


def two_sweeps_do_not_overlap(stack: Stack) -> Iterator[str]:
    if stack.properties("SweepFunctionClock")["ScheduleExpression"] != "rate(5 minutes)":
        yield "the sweep does not come every five minutes"
    if stack.properties("SweepFunction")["Timeout"] >= 5 * 60:
        yield "a sweep may meet the next one"
    again = [has for _, has in stack.of("AWS::Lambda::EventInvokeConfig")]
    if [has.get("MaximumRetryAttempts") for has in again] != [0]:
        yield "a sweep that failed is tried again while the next one comes"


def nothing_is_set_that_nobody_reads(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        for name in has["Environment"]["Variables"]:
            if name.startswith("FANFOLD_") and name not in _READ and not _QUEUE.fullmatch(name):
                yield f"{function} sets {name}"


def queue_urls_lead_to_the_queue_they_name(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        for name, value in has["Environment"]["Variables"].items():
            step = _QUEUE.fullmatch(name)
            if step and value != {"Ref": f"{step[1].capitalize()}Queue"}:
                yield f"{name} of {function} leads to {value}"


def logs_end_after_the_time_that_was_set(stack: Stack) -> Iterator[str]:
    used = {"ApiAccessLogGroup"} | {
        stack.id_of(has["LogGroupName"]) for _, has in stack.of("AWS::EC2::FlowLog")
    }
    for function, has in stack.of("AWS::Lambda::Function"):
        group = has["LoggingConfig"].get("LogGroup")
        if not group:
            yield f"{function} logs where nothing is ever deleted"
            continue
        used.add(stack.id_of(group))
    for group, has in stack.of("AWS::Logs::LogGroup"):
        if has.get("RetentionInDays") != {"Ref": "LogRetentionDays"}:
            yield f"{group} keeps its logs for ever"
        if group not in used:
            yield f"nobody writes to {group}"


def every_function_is_traced(stack: Stack) -> Iterator[str]:
    for function, has in stack.of("AWS::Lambda::Function"):
        if has.get("TracingConfig") != {"Mode": "Active"}:
            yield f"{function} leaves no trace"


_ENVIRONMENT = "Properties/Environment/Variables"

BROKEN: list[Broken] = [
    (pages_are_read_within_what_is_promised, "PageFunction/Properties/MemorySize", 512),
    (pages_are_read_within_what_is_promised, "PageHeavyFunction/Properties/Timeout", 900),
    (pages_are_read_within_what_is_promised, "PageFunctionQueue/Properties/BatchSize", 10),
    (both_lanes_run_the_same_code, "PageHeavyFunction/Properties/Handler", "functions.heavy.x"),
    (both_lanes_run_the_same_code, f"PageHeavyFunction/{_ENVIRONMENT}/FANFOLD_LANE", None),
    (both_lanes_run_the_same_code, "PageFunction/Properties/Layers/1", {"Ref": "OtherLayer"}),
    (
        pages_are_sent_where_the_second_reader_is,
        f"PageFunction/{_ENVIRONMENT}/FANFOLD_SECOND_READER",
        None,
    ),
    (
        pages_are_sent_where_the_second_reader_is,
        "PageHeavyFunction/Properties/Layers/3",
        {"Ref": "OtherLayer"},
    ),
    (
        a_library_that_is_named_is_there,
        f"PageFunction/{_ENVIRONMENT}/FANFOLD_LIBTESSERACT",
        None,
    ),
    (a_step_outlives_its_child, f"PageFunction/{_ENVIRONMENT}/FANFOLD_CHILD_SECONDS", 58),
    (
        documents_are_touched_by_a_child_with_limits,
        f"SplitFunction/{_ENVIRONMENT}/FANFOLD_CHILD_SECONDS",
        None,
    ),
    (every_function_has_the_package, "LostFunction/Properties/Layers/0", {"Ref": "OtherLayer"}),
    (the_api_answers_before_the_gateway_gives_up, "ApiFunction/Properties/Timeout", 30),
    (two_sweeps_do_not_overlap, "SweepFunction/Properties/Timeout", 300),
    (
        two_sweeps_do_not_overlap,
        "SweepFunctionClock/Properties/ScheduleExpression",
        "rate(1 minute)",
    ),
    (
        two_sweeps_do_not_overlap,
        "SweepFunctionEventInvokeConfig/Properties/MaximumRetryAttempts",
        2,
    ),
    (nothing_is_set_that_nobody_reads, f"LostFunction/{_ENVIRONMENT}", {"FANFOLD_MEMORY": "1"}),
    (
        queue_urls_lead_to_the_queue_they_name,
        f"PageFunction/{_ENVIRONMENT}/FANFOLD_HEAVY_QUEUE_URL",
        {"Ref": "PageQueue"},
    ),
    (logs_end_after_the_time_that_was_set, "PageLogGroup/Properties/RetentionInDays", None),
    (
        logs_end_after_the_time_that_was_set,
        "PageFunction/Properties/LoggingConfig/LogGroup",
        None,
    ),
    (every_function_is_traced, "ApiFunction/Properties/TracingConfig", None),
]
