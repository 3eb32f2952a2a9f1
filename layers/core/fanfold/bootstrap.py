"""The one place where concrete parts meet.

Stages are built from them once per process: while Lambda initialises the function, elsewhere at
first use. Things are kept on AWS, or in a folder where FANFOLD_DATA names one. The engine and the
imaging libraries are imported only when a stage asks for them, in functions that have that layer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from fanfold import settings as configuration
from fanfold.model import Options
from fanfold.ports import Stores
from fanfold.settings import Settings
from fanfold.stages.build import Parts

if TYPE_CHECKING:
    from fanfold.ocr.isolation.reader import SandboxedReader
    from fanfold.ocr.isolation.sandbox import Sandbox
    from fanfold.ocr.isolation.tool import SandboxedTool

T = TypeVar("T")

_OPENERS = {
    "probe": "fanfold.ocr.document.probe",
    "cut": "fanfold.ocr.document.cut",
    "graft": "fanfold.formats.searchable.graft",
}
"""The modules that do in the child what the tool's methods are asked for."""


def prepared(build: Callable[[Parts], T]) -> Callable[[], T]:
    """Return what builds from the real parts, once; at once where Lambda initialises a function."""
    once = cache(lambda: build(parts()))
    if configuration.initialising():
        once()
    return once


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return milliseconds since the epoch, UTC."""
        return time.time_ns() // 1_000_000


@cache
def settings() -> Settings:
    """Read the environment."""
    return configuration.load()


@cache
def parts() -> Parts:
    """Build the real parts, as the settings say."""
    have, clock = settings(), SystemClock()
    engine, installed = have.engine, have.engine.languages
    language = "eng" if "eng" in installed else installed[0]
    stores = _stores(have, clock)
    return Parts(
        store=stores.documents,
        objects=stores.objects,
        clock=clock,
        queue=stores.queue,
        tool=_tool,
        reader=_reader,
        limits=have.limits,
        defaults=Options(languages=language, outputs=have.outputs),
        languages=installed,
        temporary=have.workspace,
        heavy=engine.heavy,
        exclusive=engine.exclusive,
    )


@cache
def sandbox() -> Sandbox:
    """Build the process's one sandbox."""
    from fanfold.ocr.isolation.sandbox import Sandbox

    have = settings()
    return Sandbox(have.engine, have.workspace)


def close() -> None:
    """Let go of what was built, so that a process can begin anew."""
    if sandbox.cache_info().currsize:
        sandbox().close()
    for built in (sandbox, parts, settings):
        built.cache_clear()


def _stores(have: Settings, clock: SystemClock) -> Stores:
    """Choose where things are kept; the other place's libraries are not imported."""
    if have.data:
        from fanfold.disk.stores import build as on_disk

        return on_disk(have.data, clock, have.outbox)
    from fanfold import telemetry
    from fanfold.aws.stores import build as on_aws

    return on_aws(have, clock, telemetry.meter)


def _tool(method: str) -> SandboxedTool:
    from fanfold.ocr.isolation.tool import SandboxedTool

    sandbox().start(_OPENERS[method])
    return SandboxedTool(sandbox(), settings().engine, settings().limits)


def _reader() -> SandboxedReader:
    from fanfold.ocr.isolation.reader import SandboxedReader
    from fanfold.ocr.isolation.tessdata import Tessdata

    engine = settings().engine
    reader = SandboxedReader(sandbox(), engine, Tessdata(engine, settings().packs))
    reader.start(parts().defaults.languages)
    return reader
