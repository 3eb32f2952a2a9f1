"""Run the service for minutes, with people, hostile files and killed workers; look what grows.

    python -m tests.soak [--minutes 10] [--seed 1] [--feeding 30]
    python -m tests.soak --leak memory --leak-in worker     must fail

Prints a line for each idle phase, what became of the documents and a verdict.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import psutil

from cli import tools
from client.service import Service
from infra.rehearsal.cloud import Cloud
from tests.data.samples import ensure
from tests.soak import leaks, measures
from tests.soak.life import Life, NeverIdle
from tests.soak.measures import SERVICE, Phase
from tests.soak.people import People

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
STEPS = {"intake", "split", "page", "assemble", "api"}
"""Whose workers have to be among those that were judged."""


def main() -> int:
    wish = _wish()
    phases: list[Phase] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tempfile.tempdir = str(folder / "tmp")  # of this process; workers are told theirs
        Path(tempfile.tempdir).mkdir()
        cloud = stack.enter_context(_cloud(wish, folder, stack))
        people = People(Service(cloud.api_url), ensure(), folder, wish.seed)
        life = Life(people, cloud, wish.seed, Path(tempfile.tempdir))
        wrong = []
        try:
            for phase in life.phases(wish.minutes, wish.feeding):
                phases.append(phase)
                print(_line(phase), flush=True)
        except NeverIdle as error:
            wrong += [str(error), *(f"stands still: {document}" for document in people.live)]
        wrong += [f"left: {thing}" for thing in life.left()]
        cloud.stop()
        wrong += [f"left: {path.name}" for path in Path(tempfile.tempdir).iterdir()]
        wrong += [f"outlives the service: {one}" for one in psutil.Process().children()]
    tempfile.tempdir = None
    _tell(people, life)
    return verdict(phases, wrong)


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--feeding", type=float, default=30.0, help="seconds before each rest")
    parser.add_argument("--leak", choices=leaks.KINDS, help="what each document leaves behind")
    parser.add_argument("--leak-in", choices=("worker", SERVICE), default="worker")
    return parser.parse_args()


def _cloud(wish: argparse.Namespace, folder: Path, stack: ExitStack) -> Cloud:
    found, template = tools.find(), TEMPLATE
    if wish.leak and wish.leak_in == SERVICE:
        stack.enter_context(leaks.in_service(wish.leak))
    elif wish.leak:
        (folder / "leaking").mkdir()
        template = leaks.template_with(wish.leak, TEMPLATE, folder / "leaking")
    return Cloud(
        template,
        parameters={"Languages": "+".join(tools.languages(found))},
        workers=2,
        environment={**found.environment, "TMPDIR": str(tempfile.tempdir)},
        log=folder / "log",
    )


def _line(phase: Phase) -> str:
    service, rest = phase.processes[SERVICE], dict(phase.processes)
    del rest[SERVICE]
    return (
        f"{phase.minutes:5.1f} min {phase.documents:5} documents   service {service.memory:4.0f} MB"
        f" {service.descriptors:3} descriptors {service.files} strays   {len(rest):2} others"
        f" {sum(one.memory for one in rest.values()):5.0f} MB"
        f" {sum(one.descriptors or 0 for one in rest.values()):4} descriptors"
        f" {sum(one.files for one in rest.values()):3} files"
    )


def _tell(people: People, life: Life) -> None:
    ends = ", ".join(f"{count} {end}" for end, count in people.ends.most_common())
    minutes = max(life.fed, 1.0) / 60
    print(f"ended: {ends}; {life.kills} workers killed")
    print(
        f"{people.ended_in_all / minutes:.0f} documents and {people.pages / minutes:.0f} pages"
        f" a minute of {minutes:.1f} in which they were sent"
    )


def verdict(phases: Sequence[Phase], wrong: Sequence[str] = ()) -> int:
    """Print what grew, by how much for each document; return the exit code."""
    found, judged = list(wrong), measures.series(phases)
    for (name, figure), values in judged.items():
        print(f"{name}: {figure} {measures.slope(values):+.3f} a document, {_span(values)}")
        if measures.leaks(figure, values):
            found.append(f"{figure} of {name} grow with the documents")
    unseen = {SERVICE, *STEPS} - {name.split()[0] for name, _ in judged}
    found += [f"no {name} lived long enough to be judged" for name in sorted(unseen)]
    print("\n".join(found) or "nothing grows, nothing is left, every document ended")
    return 1 if found else 0


def _span(values: Sequence[tuple[int, float]]) -> str:
    return f"{values[0][1]:.0f} to {values[-1][1]:.0f} over {len(values)} idle phases"


if __name__ == "__main__":
    raise SystemExit(main())
