"""The one place where concrete parts meet.

One builder per function, each returning its stage with every port filled in. A builder runs once
per process: while Lambda initialises the function, elsewhere at first use. The engine and the
imaging libraries are imported only by the builders of functions that have that layer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

import boto3

from fanfold import settings as configuration
from fanfold import telemetry
from fanfold.aws.counted import CountedDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import CONFIG, S3_CONFIG
from fanfold.aws.sqs import SqsQueue
from fanfold.aws.table import Table
from fanfold.messages import AssembleMessage, ObjectCreated, PageMessage, SplitMessage
from fanfold.model import Options
from fanfold.settings import Settings
from fanfold.stages.documents import Api
from fanfold.stages.languages import Languages

if TYPE_CHECKING:
    from fanfold.ocr.isolation.sandbox import Sandbox
    from fanfold.ocr.isolation.tool import SandboxedTool

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


def intake() -> Callable[[ObjectCreated], None]:
    """Build the intake stage."""
    from fanfold.stages.intake import admit

    have = parts()
    return partial(
        admit,
        store=have.store,
        objects=have.objects,
        split=have.queue("split"),
        tool=_tool(have, "fanfold.ocr.document.probe"),
        clock=have.clock,
        limits=have.settings.limits,
        defaults=have.defaults,
        temporary=have.settings.workspace,
    )


def split() -> Callable[[SplitMessage], None]:
    """Build the split stage."""
    from fanfold.stages.split import split as stage

    have = parts()
    return partial(
        stage,
        store=have.store,
        objects=have.objects,
        page=have.queue("page"),
        assemble=have.queue("assemble"),
        tool=_tool(have, "fanfold.ocr.document.cut"),
        clock=have.clock,
        temporary=have.settings.workspace,
    )


def page() -> Callable[[PageMessage, int], None]:
    """Build the page stage of this lane; call it with the message and its delivery count."""
    from fanfold.ocr.isolation.reader import SandboxedReader
    from fanfold.ocr.isolation.tessdata import Tessdata
    from fanfold.stages.page import read_page

    have = parts()
    engine = have.settings.engine
    reader = SandboxedReader(sandbox(), engine, Tessdata(engine, have.settings.packs))
    reader.start(have.defaults.languages)
    return partial(
        read_page,
        store=have.store,
        objects=have.objects,
        heavy=None if have.settings.engine.heavy else have.queue("heavy"),
        assemble=have.queue("assemble"),
        reader=reader,
        clock=have.clock,
        temporary=have.settings.workspace,
        exclusive=engine.exclusive,
    )


def assemble() -> Callable[[AssembleMessage, int], None]:
    """Build the assemble stage; call it with the message and its delivery count."""
    from fanfold.stages.assemble import assemble as stage

    have = parts()
    return partial(
        stage,
        store=have.store,
        objects=have.objects,
        tool=_tool(have, "fanfold.formats.searchable.graft"),
        temporary=have.settings.workspace,
    )


def lost() -> Mapping[str, Callable[[str], None]]:
    """Build what happens to a dead letter, by the step whose queue it comes from."""
    from fanfold.stages import lost as stage

    have = parts()
    store, objects, clock, queue = have.store, have.objects, have.clock, have.queue("assemble")
    return {
        "intake": partial(
            stage.lose_arrival,
            store=store,
            objects=objects,
            clock=clock,
            defaults=have.defaults,
        ),
        "split": partial(stage.lose_shard, store=store, assemble=queue, clock=clock),
        "heavy": partial(
            stage.lose_page,
            store=store,
            assemble=queue,
            clock=clock,
            exclusive=have.settings.engine.exclusive,
        ),
        "assemble": partial(stage.lose_assembly, store=store, objects=objects),
    }


def sweep() -> Callable[[], int]:
    """Build the sweep."""
    from fanfold.stages.backlog import SweepQueues
    from fanfold.stages.sweep import sweep as stage

    have = parts()
    queues = SweepQueues(
        intake=have.queue("intake"),
        split=have.queue("split"),
        page=have.queue("page"),
        heavy=have.queue("heavy"),
        assemble=have.queue("assemble"),
    )
    return partial(stage, store=have.store, objects=have.objects, queues=queues, clock=have.clock)


def api() -> Api:
    """Build what the API's routes call."""
    have = parts()
    return Api(
        store=have.store,
        objects=have.objects,
        split=have.queue("split"),
        clock=have.clock,
        languages=Languages(have.settings.engine.languages, have.objects),
        limits=have.settings.limits,
        defaults=have.defaults,
    )


@cache
def sandbox() -> Sandbox:
    """Build the process's one sandbox."""
    from fanfold.ocr.isolation.sandbox import Sandbox

    have = parts().settings
    return Sandbox(have.engine, have.workspace)


def close() -> None:
    """Let go of what was built, so that a process can begin anew."""
    if sandbox.cache_info().currsize:
        sandbox().close()
    sandbox.cache_clear()
    parts.cache_clear()


def _tool(have: Parts, module: str) -> SandboxedTool:
    from fanfold.ocr.isolation.tool import SandboxedTool

    sandbox().start(module)
    return SandboxedTool(sandbox(), have.settings.engine, have.settings.limits)
