"""What a runner needs of a template, resolved: functions, event sources, routes, schedules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.template.intrinsics import TemplateError
from infra.template.names import arn, physical_name
from infra.template.routes import Route, route
from infra.template.template import Resource, Template

_SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function. ``timeout`` in seconds, ``memory`` in MB."""

    id: str
    name: str
    arn: str
    handler: str
    timeout: float
    memory: int
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue; after ``maximum_receives`` deliveries a message goes to the queue ``dead``.

    ``step`` is its name without the stack's; ``visibility`` in seconds.
    """

    step: str
    arn: str
    visibility: float
    maximum_receives: int | None
    dead: str | None


@dataclass(frozen=True, slots=True)
class EventSource:
    """A queue that a function is fed from."""

    function: str
    queue_arn: str
    queue_url: str
    batch_size: int
    reports_failures: bool
    concurrency: int | None
    drains_dead_letters: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """A function that is invoked every ``seconds``. ``scheduler``: by EventBridge Scheduler."""

    function: str
    name: str
    arn: str
    seconds: float
    payload: str | None
    scheduler: bool


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that runs, by function name where it belongs to one."""

    functions: Mapping[str, Function]
    sources: tuple[EventSource, ...]
    routes: tuple[Route, ...]
    schedules: tuple[Schedule, ...]
    queues: tuple[Queue, ...] = ()

    @property
    def authorizers(self) -> set[str]:
        """Functions that are asked who is calling."""
        return {one.authorizer.function for one in self.routes if one.authorizer}

    @property
    def eager(self) -> tuple[str, ...]:
        """Functions that are on the way of ordinary work: worth a worker before the first event.

        Not those that only drain dead letters or only wake by the clock.
        """
        used = {s.function for s in self.sources if not s.drains_dead_letters}
        used |= {one.function for one in self.routes} | self.authorizers
        return tuple(name for name in self.functions if name in used)


Event = dict[str, Any]


def wire(template: Template) -> Wiring:
    """Resolve a template's functions and what invokes them; raise TemplateError if it cannot."""
    functions: dict[str, Function] = {}
    sources: list[EventSource] = []
    routes: list[Route] = []
    schedules: list[Schedule] = []
    collect: Mapping[str, Callable[[str, str, Event], None]] = {
        "SQS": lambda f, _, event: sources.append(_source(template, f, event)),
        "Api": lambda f, _, event: routes.append(route(template, f, event)),
        "Schedule": lambda f, n, event: schedules.append(_schedule(template, f, n, event)),
        "ScheduleV2": lambda f, n, event: schedules.append(_schedule(template, f, n, event)),
    }
    for resource in template.resources("AWS::Serverless::Function"):
        function = _function(template, resource)
        functions[function.name] = function
        for name, event in (resource.properties.get("Events") or {}).items():
            if event["Type"] not in collect:
                raise TemplateError(f"{resource.id}: events of type {event['Type']} do not run.")
            collect[event["Type"]](function.name, f"{resource.id}{name}", event)
    _check_visibility(template, functions, sources)
    queues = tuple(_queue(template, resource, name) for resource, name in _queues(template))
    return Wiring(functions, tuple(sources), tuple(routes), tuple(schedules), queues)


def _function(template: Template, resource: Resource) -> Function:
    properties = resource.properties
    variables = template.value((properties.get("Environment") or {}).get("Variables") or {})
    return Function(
        id=resource.id,
        name=physical_name(template.place, resource, template.value),
        arn=arn(template.place, resource, template.value),
        handler=str(template.value(properties["Handler"])),
        timeout=float(template.value(properties.get("Timeout", 3))),
        memory=int(template.value(properties.get("MemorySize", 128))),
        environment={name: _text(value) for name, value in variables.items()},
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _queues(template: Template) -> Iterator[tuple[Resource, str]]:
    """Yield every queue with its ARN."""
    for resource in template.resources("AWS::SQS::Queue"):
        yield resource, arn(template.place, resource, template.value)


def _queue(template: Template, resource: Resource, queue_arn: str) -> Queue:
    redrive = template.value(resource.properties.get("RedrivePolicy")) or {}
    dead = redrive.get("deadLetterTargetArn")
    return Queue(
        step=_step(template, queue_arn),
        arn=queue_arn,
        visibility=float(template.value(resource.properties.get("VisibilityTimeout", 30))),
        maximum_receives=int(redrive["maxReceiveCount"]) if dead else None,
        dead=_step(template, dead) if dead else None,
    )


def _step(template: Template, queue_arn: str) -> str:
    return queue_arn.rpartition(":")[2].removeprefix(f"{template.place.stack}-")


def _source(template: Template, function: str, event: Event) -> EventSource:
    properties = template.value(event["Properties"])
    queue_arn = properties["Queue"]
    place = template.place
    return EventSource(
        function=function,
        queue_arn=queue_arn,
        queue_url=f"{place.aws_url}/{place.account}/{queue_arn.rsplit(':', 1)[1]}",
        batch_size=int(properties.get("BatchSize", 10)),
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", ()),
        concurrency=(properties.get("ScalingConfig") or {}).get("MaximumConcurrency"),
        drains_dead_letters=queue_arn in _dead_letter_arns(template),
    )


def _dead_letter_arns(template: Template) -> set[str]:
    policies = (template.value(q.properties.get("RedrivePolicy")) for q, _ in _queues(template))
    return {policy["deadLetterTargetArn"] for policy in policies if policy}


def _schedule(template: Template, function: str, name: str, event: Event) -> Schedule:
    properties = template.value(event["Properties"])
    scheduler = event["Type"] == "ScheduleV2"
    expression = properties["ScheduleExpression" if scheduler else "Schedule"]
    match = _RATE.fullmatch(expression)
    if match is None:
        raise TemplateError(f"{name}: the schedule {expression} is not understood (only rate).")
    return Schedule(
        function=function,
        name=name,
        arn=template.place.arn("events", f"rule/{template.place.stack}-{name}"),
        seconds=int(match[1]) * _SECONDS[match[2]],
        payload=properties.get("Input"),
        scheduler=scheduler,
    )


def _check_visibility(
    template: Template, functions: Mapping[str, Function], sources: list[EventSource]
) -> None:
    """Refuse what Lambda refuses: a visibility timeout shorter than the function's timeout."""
    visibility = {
        queue_arn: float(template.value(queue.properties.get("VisibilityTimeout", 30)))
        for queue, queue_arn in _queues(template)
    }
    for source in sources:
        function = functions[source.function]
        if visibility.get(source.queue_arn, function.timeout) < function.timeout:
            raise TemplateError(
                f"{function.id}: the visibility timeout of its queue is shorter than its timeout."
            )
