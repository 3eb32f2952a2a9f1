"""What is done with the messages of each queue: the stages, with each function's own settings.

All steps of a process share one sandbox, with the memory of the largest of their functions; what
a page may take is bounded by its pixels. The heavy lane has one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fanfold import bootstrap, settings
from fanfold.bootstrap import SystemClock
from fanfold.disk import stores
from fanfold.disk.database import Database
from fanfold.disk.queues import DiskQueue
from fanfold.messages import (
    AssembleMessage,
    PageMessage,
    SplitMessage,
    decode,
    decode_news,
    object_created,
)
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ports import PageReader
from fanfold.settings import Engine, Settings
from fanfold.stages import build
from fanfold.stages.build import Parts
from infra.template import TEMPLATE
from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import Function, Queue, Wiring, wire

CALLING = "notify"
"""The queue whose messages wait for strangers: no worker that reads pages waits with them."""

Run = Callable[[str, int], None]
"""Does what a message says; told its body and how often it was delivered."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Where things are and what pages are read with, as every process of the machine is told.

    ``tools`` is added to the environment of each function of the template.
    """

    data: Path
    languages: str
    tools: Mapping[str, str] = field(default_factory=dict)
    outbox: Path | None = None
    template: Path = TEMPLATE
    private: bool = False
    """Whether webhooks may have addresses of the machine's own network."""
    tessdata: str = ""
    """The folder of the languages, whose changes are followed; empty where none are."""
    changed_at: int = 0
    """When it had last changed as ``languages`` were looked up, in nanoseconds."""
    lasting: bool = True
    """Whether the data are to outlive a power cut; not those of one call."""

    def wiring(self) -> Wiring:
        """Read the template."""
        return wire(load(self.template, Place(aws_url=""), {"Languages": self.languages}))

    def settings(self, function: Function, workspace: Path) -> Settings:
        """Return what a function's environment says, on this machine."""
        return settings.load(
            {
                **function.environment,
                **self.tools,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
                "FANFOLD_DATA": str(self.data),
                "FANFOLD_OUTBOX": str(self.outbox or ""),
                "FANFOLD_WEBHOOKS": "private" if self.private else "any",
                "FANFOLD_DELIVERY": "exclusive",
                "FANFOLD_WORKSPACE": str(workspace),
            }
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A queue and what is done with its messages; at most ``concurrency`` at once."""

    queue: DiskQueue
    concurrency: int | None
    run: Run


class Steps:
    """All steps of one process. ``workspace`` is for this process alone.

    ``ready``: load what reads pages before there is one.
    """

    def __init__(
        self,
        setup: Setup,
        workspace: Path,
        *,
        database: Database | None = None,
        ready: bool = True,
    ) -> None:
        self._setup = setup
        self._workspace = workspace
        self._ready = ready
        self.wiring = setup.wiring()
        self.clock = SystemClock()
        self.database = database or stores.database(setup.data)
        self.stores = stores.build(
            setup.data, self.database, self.clock, setup.outbox, durable=setup.lasting
        )
        self._runs: dict[str, Run] = {}
        known = {queue.arn: queue for queue in self.wiring.queues}
        self.by_queue = {
            known[source.queue_arn].step: self._step(
                known[source.queue_arn], source.function, source.concurrency
            )
            for source in self.wiring.sources
        }

    def follow(self, setup: Setup) -> None:
        """Go by another setup from now on: of the same folder, with other languages."""
        self._setup, self.wiring = setup, setup.wiring()

    @property
    def engine(self) -> Engine:
        """What pages are read with here."""
        function = next(iter(self.wiring.functions.values()))
        return self._setup.settings(function, self._workspace).engine

    def close(self) -> None:
        """End the processes that open documents."""
        for name in ("_ordinary", "_heavy"):
            if name in self.__dict__:
                getattr(self, name).close()

    def parts(self, function: str) -> Parts:
        """Return what the stage of a function is built from."""
        have = self._setup.settings(self.wiring.functions[function], self._workspace)
        return bootstrap.assembled(
            have,
            self.stores,
            self.clock,
            tool=lambda method: bootstrap.tool_in(self._sandbox_for(have), have, method),
            reader=lambda: self._reader(self._sandbox_for(have), have),
        )

    def _sandbox_for(self, have: Settings) -> Sandbox:
        return self._heavy if have.engine.heavy else self._ordinary

    def _reader(self, sandbox: Sandbox, have: Settings) -> PageReader:
        reader = bootstrap.reader_in(sandbox, have)
        if self._ready:
            reader.start(bootstrap.language(have))
        return reader

    def _step(self, queue: Queue, function: str, concurrency: int | None) -> Step:
        def run(body: str, receives: int) -> None:
            if queue.step not in self._runs:
                self._runs[queue.step] = _stage(queue.step, self._kind(function))(
                    self.parts(function)
                )
            self._runs[queue.step](body, receives)

        received = DiskQueue(
            self.database,
            self.clock,
            queue.step,
            visibility=queue.visibility,
            maximum_receives=queue.maximum_receives,
            dead=queue.dead,
        )
        return Step(received, concurrency, run)

    def _kind(self, function: str) -> str:
        """Return the folder of a function's handler: ``functions.page.handler.handler``."""
        return self.wiring.functions[function].handler.split(".")[1]

    @cached_property
    def _ordinary(self) -> Sandbox:
        return self._sandbox("ordinary", heavy=False)

    @cached_property
    def _heavy(self) -> Sandbox:
        return self._sandbox("heavy", heavy=True)

    def _sandbox(self, name: str, *, heavy: bool) -> Sandbox:
        folder = self._workspace / name
        fed = {source.function for source in self.wiring.sources}
        engines = [
            self._setup.settings(self.wiring.functions[function], folder).engine for function in fed
        ]
        largest = max(
            (engine for engine in engines if engine.heavy is heavy), key=lambda e: e.memory_bytes
        )
        return Sandbox(largest, folder)


def _stage(step: str, kind: str) -> Callable[[Parts], Run]:
    """Return what builds the stage for a step's messages."""
    builders: dict[str, Callable[[Parts], Run]] = {
        "intake": _intake,
        "split": _split,
        "page": _page,
        "assemble": _assemble,
        "notify": _notify,
        "lost": lambda have: _lost(have, step.removesuffix("-dead")),
    }
    return builders[kind]


def _intake(have: Parts) -> Run:
    stage = build.intake(have)

    def run(body: str, receives: int) -> None:
        arrival = object_created(body)
        if arrival:
            stage(arrival)

    return run


def _split(have: Parts) -> Run:
    stage = build.split(have)
    return lambda body, receives: stage(decode(SplitMessage, body))


def _page(have: Parts) -> Run:
    stage = build.page(have)
    return lambda body, receives: stage(decode(PageMessage, body), receives)


def _assemble(have: Parts) -> Run:
    stage = build.assemble(have)
    return lambda body, receives: stage(decode(AssembleMessage, body), receives)


def _notify(have: Parts) -> Run:
    stage = build.notify(have)
    return lambda body, receives: stage(decode_news(body))


def _lost(have: Parts, step: str) -> Run:
    lose = build.lost(have)
    return lambda body, receives: lose(step, body)
