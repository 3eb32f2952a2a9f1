"""Kill-point sweep: a worker dies before and after each call that any job makes, one run a point.

The points are what a calm run's workers called: a new call in the code is a new point.

    python -m tests.chaos.killpoints
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fanfold.model import Output, State
from tests.chaos import invariants
from tests.chaos.simulation import Simulation
from tests.chaos.workers import Fate, Point

Story = Callable[[Simulation], None]


def a_retry(simulation: Simulation) -> None:
    document = simulation.drop("a.pdf", ["plain one", "flaky two", "heavy three", "BROKEN"])
    simulation.retry(document, seconds=6 * 3600)


def a_retry_of_chosen_pages(simulation: Simulation) -> None:
    document = simulation.post("a.pdf", ["plain one", "plain two"])
    simulation.retry(document, "2", seconds=6 * 3600)


def a_deletion(simulation: Simulation) -> None:
    simulation.delete(simulation.drop("a.pdf", ["plain one"]), seconds=6 * 3600)


def a_cancellation(simulation: Simulation) -> None:
    simulation.cancel(simulation.post("a.pdf", ["plain one", "kills page two"]), seconds=60)


def two_shards(simulation: Simulation) -> None:
    simulation.drop("a.pdf", [f"plain {n}" for n in range(1, 103)])


def an_empty_file(simulation: Simulation) -> None:
    simulation.drop("a.pdf", [])


def _killing(step: str) -> Story:
    def story(simulation: Simulation) -> None:
        simulation.drop("a.pdf", ["plain one", f"kills {step} two"])

    return story


def _stealing(queue: str) -> Story:
    def story(simulation: Simulation) -> None:
        simulation.steal(queue)
        simulation.drop("a.pdf", ["plain one", "flaky two"])

    return story


STORIES: dict[str, Story] = {
    "retry": a_retry,
    "retry of chosen pages": a_retry_of_chosen_pages,
    "deletion": a_deletion,
    "cancellation": a_cancellation,
    "two shards": two_shards,
    "empty file": an_empty_file,
    **{f"death at {step}": _killing(step) for step in ("intake", "split", "page", "assemble")},
    **{f"loss of {queue}": _stealing(queue) for queue in ("split", "page", "assemble")},
}

Outcome = dict[str, tuple[State, str, str]]


@dataclass(frozen=True)
class Swept:
    """One point and what was wrong there, if anything."""

    story: str
    point: Point
    wrong: str


def sweep(every: int = 1) -> Iterator[Swept]:
    """Kill at every point, or at every ``every``-th; yield each with what it came to."""
    for name, story in STORIES.items():
        calm, points = _play(story, None)
        # The second shard's pages take the very same way.
        for point in list(points)[:: every if name != "two shards" else 5 * every]:
            yield Swept(name, point, _compare(story, point, calm))


def _compare(story: Story, point: Point, calm: Outcome) -> str:
    try:
        outcome, _ = _play(story, point)
    except AssertionError as error:
        return str(error)[:300] or type(error).__name__
    # The heavy lane begins a page once, and a page that dies there has failed: by design.
    if outcome == calm or point.job == "heavy":
        return ""
    return f"{outcome} instead of {calm}"


def _play(story: Story, point: Point | None) -> tuple[Outcome, dict[Point, None]]:
    fate = Fate(Random(1), at=point)
    with tempfile.TemporaryDirectory() as folder:
        simulation = Simulation(1, Path(folder), fate=fate)
        story(simulation)
        simulation.run()
    invariants.check(simulation)
    assert point is None or fate.at is None, "the point was not reached"
    return {id_: _outcome(simulation, id_) for id_ in simulation.documents}, fate.seen


def _outcome(simulation: Simulation, id_: str) -> tuple[State, str, str]:
    document = simulation.ended(id_)
    there = document.results and document.state is not State.DELETED
    text = invariants.result(simulation, document, Output.TEXT) if there else ""
    return document.state, document.reason.code if document.reason else "", text


def main() -> int:
    began = time.monotonic()
    swept = list(sweep())
    wrong = [one for one in swept if one.wrong]
    for one in wrong:
        print(f"{one.story}: {one.point}: {one.wrong}")
    calls = {(one.point.job, one.point.name) for one in swept}
    print(f"{len(swept)} kill points of {len(calls)} kinds of calls, {len(wrong)} wrong", end="; ")
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
