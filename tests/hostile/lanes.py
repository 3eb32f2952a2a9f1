"""The functions that touch documents, with the memory and the time that template.yaml gives them.

Each has a sandbox of its own, as each has a worker of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cli import tools
from fanfold import settings
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.ports import Cut, Probe
from fanfold.settings import Engine
from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import Function, wire

_FUNCTIONS = {
    "intake": "IntakeFunction",
    "split": "SplitFunction",
    "page": "PageFunction",
    "heavy": "PageHeavyFunction",
    "assemble": "AssembleFunction",
}
TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@dataclass
class Lane:
    """One function's sandbox."""

    engine: Engine
    sandbox: Sandbox
    late: float = 0.0
    """Seconds by which a child outlived its limit, at most."""


@dataclass
class Lanes:
    """Probe, cut, graft and both ways to read, each within its own function's limits."""

    intake: Lane
    split: Lane
    page: Lane
    heavy: Lane
    assemble: Lane
    temporary: Path

    def probe(self, source: Path) -> Probe:
        return _tool(self.intake).probe(source)

    def cut(self, source: Path, media_type: str, pages: Sequence[int], folder: Path) -> list[Cut]:
        # Image documents are cut again where they are assembled; the limits are alike.
        return _tool(self.split).cut(source, media_type, pages, folder)

    def graft(
        self,
        base: Path | Sequence[Path],
        layers: Mapping[int, Path],
        target: Path,
        spent: float = 0.0,
        *,
        mend: bool = False,
    ) -> list[int]:
        return _tool(self.assemble).graft(base, layers, target, spent, mend=mend)

    def reader(self, *, heavy: bool) -> SandboxedReader:
        lane = self.heavy if heavy else self.page
        packs = Tessdata(lane.engine, self.temporary / "packs")
        return SandboxedReader(lane.sandbox, lane.engine, packs)

    @property
    def all(self) -> tuple[Lane, ...]:
        return (self.intake, self.split, self.page, self.heavy, self.assemble)


def _tool(lane: Lane) -> SandboxedTool:
    return SandboxedTool(lane.sandbox, lane.engine, settings.load({}).limits)


def least_seconds() -> float:
    """Return the shortest time that template.yaml gives a child.

    One that has more outlives its function, which is killed then, and again when its message
    comes back.
    """
    found = [function.environment.get("FANFOLD_CHILD_SECONDS") for function in _functions()]
    return min(float(seconds) for seconds in found if seconds)


def _functions() -> tuple[Function, ...]:
    return tuple(wire(load(TEMPLATE, Place("http://127.0.0.1:1"))).functions.values())


@contextmanager
def opened(temporary: Path, longest: float) -> Iterator[Lanes]:
    """Open every lane; ``longest`` bounds the seconds of a child where one will not wait."""
    lanes = {}
    by_id = {function.id: function for function in _functions()}
    for step, name in _FUNCTIONS.items():
        engine = _engine(by_id[name], longest)
        lanes[step] = Lane(engine, Sandbox(engine, temporary / step))
    try:
        yield Lanes(**lanes, temporary=temporary)
    finally:
        for lane in lanes.values():
            lane.sandbox.close()


def _engine(function: Function, longest: float) -> Engine:
    environment = {
        **function.environment,
        **tools.find().environment,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
    }
    engine = settings.load(environment).engine
    return replace(engine, seconds=min(engine.seconds, longest))
