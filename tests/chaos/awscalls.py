"""Kill-point sweep over AWS calls: a real process is killed before and after each of them.

Every function of template.yaml runs as a process with the real adapters, on DynamoDB Local and
moto. A calm run of each story tells which calls there are; each is then played twice more, once
with a SIGKILL before the request leaves and once with one when its answer comes. The same calls of
a handler that lead to the same call are one point: a new call in the code is a new point, and a
permission that no call in any story asked for is an error, so that none can be forgotten.

    python -m tests.chaos.awscalls
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fanfold import keys
from fanfold.model import Output, State
from tests.chaos import dynamodb, invariants
from tests.chaos.processes.deployment import Course, Deployment, Kill, deployed
from tests.chaos.processes.stories import ENDS, STORIES
from tests.infra import stack
from tests.integration.permissions.calls import granted
from tests.integration.permissions.test_roles import LAMBDA, RARE, UNSEEN

Outcome = list[tuple[State, str, str]]


@dataclass(frozen=True)
class Point:
    """One place to die: a story, the call, and what the call is."""

    story: str
    kill: Kill
    name: str


@dataclass
class Survey:
    """What calm runs did: their outcomes, all calls, the points, what roles were used for."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    calls: int = 0
    points: list[Point] = field(default_factory=list)
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def functions(self) -> dict[str, int]:
        """Return how many calls of each function are points (each is two)."""
        found: dict[str, int] = defaultdict(int)
        for point in self.points:
            found[point.kill.function] += not point.kill.after
        return dict(sorted(found.items()))


def survey(here: Deployment, stories: Sequence[str] = tuple(STORIES)) -> Survey:
    """Play the stories calmly."""
    found, known = Survey(), set()
    for name in stories:
        here.begin(Course())
        STORIES[name](here)
        found.outcomes[name] = check(here)
        ends = {outcome[0] for outcome in found.outcomes[name]}
        assert ends == {ENDS.get(name, *ends)} or not ends, (name, ends)
        for function, actions in here.course.asked.items():
            found.asked[function] |= actions
        for function, number, way in _ways(here.course):
            found.calls += 1
            if (function, way) not in known:
                known.add((function, way))
                kills = (Kill(function, number, after) for after in (False, True))
                found.points += [Point(name, kill, way[-1]) for kill in kills]
    return found


def _ways(course: Course) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield each call: its function, its number, and the way that led to it."""
    counts: dict[str, int] = defaultdict(int)
    for function, calls in course.invocations:
        for place in range(len(calls)):
            counts[function] += 1
            yield function, counts[function], calls[: place + 1]


def strike(here: Deployment, point: Point, calm: Outcome) -> str:
    """Play a story with one kill; say what went wrong, if anything."""
    here.begin(Course(kill=point.kill))
    try:
        STORIES[point.story](here)
        assert here.course.reached, "the point was not reached"
        outcome = check(here)
    except AssertionError as error:
        return str(error)[:400] or "AssertionError"
    # The heavy lane begins a page once, and a page that dies there has failed: by design.
    if set(outcome) == set(calm) or point.kill.function == "PageHeavyFunction":
        return ""
    return f"{outcome} instead of {calm}"


def check(here: Deployment) -> Outcome:
    """Check what must hold at rest; return how the documents ended."""
    invariants.check(here)  # type: ignore[arg-type]
    live = {f"DOC#{id_}" for id_ in here.documents if here.ended(id_).state is not State.DELETED}
    for item in here.items():
        if item["sk"] == "SHARD":
            assert item["pk"].partition("#S")[0] in live, f"orphaned item {item['pk']}"
    return [_outcome(here, id_) for id_ in here.documents]


def _outcome(here: Deployment, id_: str) -> tuple[State, str, str]:
    document = here.ended(id_)
    there = document.results and document.state is not State.DELETED
    key = keys.result(id_, document.results_run, keys.RESULT_FILES[Output.TEXT])
    text = here.objects.get(key) if there else b""
    return document.state, document.reason.code if document.reason else "", (text or b"").decode()


def never_asked(found: Survey) -> list[tuple[str, str]]:
    """Return what roles grant and no story's call used: calls that the sweep does not know."""
    template = stack.load()
    return sorted(
        {
            (function, grant.action)
            for function, _ in template.of("AWS::Lambda::Function")
            for grant in granted(template, function)
            if grant.action not in LAMBDA | UNSEEN | found.asked[function]
            and (function, grant.action) not in RARE
        }
    )


def sample(points: Sequence[Point], count: int, seed: int) -> list[Point]:
    """Choose points, of every function in turn."""
    random, by_function = Random(seed), defaultdict(list)
    for point in points:
        by_function[point.kill.function].append(point)
    for group in by_function.values():
        random.shuffle(group)
    chosen: list[Point] = []
    while len(chosen) < min(count, len(points)):
        chosen += [group.pop() for group in by_function.values() if group]
    return chosen[:count]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.awscalls")
    parser.add_argument("stories", nargs="*", default=list(STORIES), help="by default all")
    stories = parser.parse_args().stories
    if reason := dynamodb.why_not():
        print(reason)
        return 1
    began, wrong = time.monotonic(), 0
    with (
        dynamodb.running() as address,
        tempfile.TemporaryDirectory() as folder,
        deployed(address, Path(folder)) as here,
    ):
        found = survey(here, stories)
        print(
            f"{found.calls} AWS calls in {len(stories)} calm stories;",
            json.dumps(found.functions()),
        )
        forgotten = never_asked(found) if len(stories) == len(STORIES) else []
        print(f"granted and never asked for: {forgotten or 'nothing'}", flush=True)
        for point in found.points:
            if problem := strike(here, point, found.outcomes[point.story]):
                wrong += 1
                print(f"{point}: {problem}", flush=True)
    seconds = time.monotonic() - began
    print(f"{len(found.points)} kill points at AWS calls, {wrong} wrong; {seconds:.0f} s")
    return 1 if wrong or forgotten else 0


if __name__ == "__main__":
    raise SystemExit(main())
