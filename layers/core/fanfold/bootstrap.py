"""The one place where concrete parts meet.

One builder per function, each returning its stage with every port filled in. A builder runs once
per process: while Lambda initialises the function, elsewhere at first use. The engine and the
imaging libraries are imported only by the builders of functions that have that layer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import boto3

from fanfold import settings as configuration
from fanfold import telemetry
from fanfold.aws.counted import CountedDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.sqs import SqsQueue
from fanfold.aws.table import Table
from fanfold.model import Options
from fanfold.settings import Settings
from fanfold.stages.endings import Endings
from fanfold.stages.intake import Identify, Intake
from fanfold.stages.progress import Progress
from fanfold.stages.removal import Removal

if TYPE_CHECKING:
    from fanfold.ocr.sandbox import Sandbox
    from fanfold.ocr.tool import SandboxedTool
    from fanfold.stages.api import Api
    from fanfold.stages.assemble import Assemble
    from fanfold.stages.page import ReadPage
    from fanfold.stages.split import Split
    from fanfold.stages.sweep import Sweep

T = TypeVar("T")


def prepared(build: Callable[[], T]) -> Callable[[], T]:
    """Return ``build`` so that it runs once; at once where Lambda initialises a function."""
    once = cache(build)
    if configuration.initialising():
        once()
    return once


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return milliseconds since the epoch, UTC."""
        return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What every stage is built from."""

    settings: Settings
    clock: SystemClock
    store: CountedDocuments
    objects: S3Objects

    @property
    def defaults(self) -> Options:
        """The options of a document whose sender asked for nothing."""
        installed = self.settings.engine.languages
        language = "eng" if "eng" in installed else installed[0]
        return Options(languages=language, outputs=self.settings.outputs)

    @property
    def endings(self) -> Endings:
        """How owners are told of an end."""
        return Endings(self.store, self.objects)

    @property
    def identify(self) -> Identify:
        """How it is found out which document arrived."""
        return Identify(self.store, self.clock, self.defaults)

    @property
    def progress(self) -> Progress:
        """How a document comes from one step to the next."""
        return Progress(self.store, self.queue("assemble"), self.clock)

    @property
    def removal(self) -> Removal:
        """How everything of a document is removed."""
        return Removal(self.store, self.objects, self.clock)

    def queue(self, step: str) -> SqsQueue:
        """Return the queue in front of ``step``."""
        return SqsQueue(boto3.client("sqs", config=CONFIG), self.settings.queue_url(step))


@cache
def parts() -> Parts:
    """Build the parts that all functions share."""
    settings, clock = configuration.load(), SystemClock()
    table = Table(boto3.resource("dynamodb", config=CONFIG), settings.table)
    objects = S3Objects(boto3.client("s3", config=S3_CONFIG), settings.bucket)
    store = CountedDocuments(table, clock, telemetry.meter)
    return Parts(settings, clock, store, objects)


def intake() -> Intake:
    """Build the intake stage."""
    have = parts()
    return Intake(
        store=have.store,
        objects=have.objects,
        split=have.queue("split"),
        tool=_tool(have, "fanfold.ocr.probe"),
        clock=have.clock,
        limits=have.settings.limits,
        temporary=have.settings.workspace,
        identify=have.identify,
        endings=have.endings,
    )


def split() -> Split:
    """Build the split stage."""
    from fanfold.stages.split import Split

    have = parts()
    return Split(
        store=have.store,
        objects=have.objects,
        page=have.queue("page"),
        tool=_tool(have, "fanfold.ocr.cut"),
        temporary=have.settings.workspace,
        progress=have.progress,
        endings=have.endings,
    )


def page() -> ReadPage:
    """Build the page stage of this lane."""
    from fanfold.ocr.reader import SandboxedReader
    from fanfold.ocr.tessdata import Tessdata
    from fanfold.stages.page import ReadPage

    have = parts()
    engine = have.settings.engine
    reader = SandboxedReader(sandbox(), engine, Tessdata(engine, have.settings.packs))
    reader.start(have.defaults.languages)
    return ReadPage(
        store=have.store,
        objects=have.objects,
        heavy=None if engine.heavy else have.queue("heavy"),
        reader=reader,
        clock=have.clock,
        temporary=have.settings.workspace,
        exclusive=engine.exclusive,
        progress=have.progress,
    )


def assemble() -> Assemble:
    """Build the assemble stage."""
    from fanfold.stages.assemble import Assemble
    from fanfold.stages.graft import Graft

    have = parts()
    tool = _tool(have, "fanfold.formats.pdf")
    return Assemble(
        store=have.store,
        objects=have.objects,
        temporary=have.settings.workspace,
        graft=Graft(have.objects, tool),
        endings=have.endings,
    )


def lost() -> Mapping[str, Callable[[str], None]]:
    """Build what happens to a dead letter, by the step whose queue it comes from."""
    from fanfold.stages.lost import LoseArrival, LoseAssembly, LosePage, LoseShard

    have = parts()
    exclusive = have.settings.engine.exclusive
    return {
        "intake": LoseArrival(have.identify, have.endings),
        "split": LoseShard(have.store, have.progress),
        "heavy": LosePage(have.store, have.clock, exclusive, have.progress),
        "assemble": LoseAssembly(have.store, have.endings),
    }


def sweep() -> Sweep:
    """Build the sweep."""
    from fanfold.stages.backlog import SweepQueues
    from fanfold.stages.sweep import Sweep

    have = parts()
    return Sweep(
        store=have.store,
        objects=have.objects,
        queues=SweepQueues(
            intake=have.queue("intake"),
            split=have.queue("split"),
            page=have.queue("page"),
            heavy=have.queue("heavy"),
            assemble=have.queue("assemble"),
        ),
        clock=have.clock,
        progress=have.progress,
        endings=have.endings,
        removal=have.removal,
    )


def api() -> Api:
    """Build what the API's routes call."""
    from fanfold.stages.api import Api
    from fanfold.stages.documents import Documents
    from fanfold.stages.languages import Languages
    from fanfold.stages.rerun import Cancel, Retry
    from fanfold.stages.submit import Submit

    have = parts()
    languages = Languages(have.settings.engine.languages, have.objects)
    return Api(
        documents=Documents(have.store, have.objects),
        submit=Submit(have.store, have.objects, have.clock, have.settings.limits),
        retry=Retry(have.store, have.queue("split"), have.clock, languages),
        cancel=Cancel(have.store),
        delete=have.removal,
        languages=languages,
        defaults=have.defaults,
    )


@cache
def sandbox() -> Sandbox:
    """Build the process's one sandbox."""
    from fanfold.ocr.sandbox import Sandbox

    have = parts().settings
    return Sandbox(have.engine, have.workspace)


def close() -> None:
    """Let go of what was built, so that a process can begin anew."""
    if sandbox.cache_info().currsize:
        sandbox().close()
    sandbox.cache_clear()
    parts.cache_clear()


def _tool(have: Parts, module: str) -> SandboxedTool:
    from fanfold.ocr.tool import SandboxedTool

    sandbox().start(module)
    return SandboxedTool(sandbox(), have.settings.engine, have.settings.limits)
