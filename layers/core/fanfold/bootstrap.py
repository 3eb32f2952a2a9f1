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
from fanfold.model import AUTO_LANGUAGES, NOT_LANGUAGES, Options
from fanfold.ports import Clock, DocumentTool, PageReader, Stores
from fanfold.settings import Settings
from fanfold.stages.build import Parts

if TYPE_CHECKING:
    from fanfold.jwts import JwtVerifier
    from fanfold.ocr.isolation.reader import SandboxedReader
    from fanfold.ocr.isolation.sandbox import Sandbox
    from fanfold.ocr.isolation.tool import SandboxedTool
    from fanfold.outbound import UrlPoster

T = TypeVar("T")

_OPENERS = {
    "probe": "fanfold.ocr.document.probe",
    "cut": "fanfold.ocr.document.cut",
    "graft": "fanfold.formats.searchable.graft",
}
"""The modules that do in the child what the tool's methods are asked for."""


_INIT_SECONDS = 6.0
"""Maximum of seconds that a function's init waits for the models: Lambda gives it 10 in all. What
is loading when it ends would go on within the first page's time."""

_built: list[Callable[[], None]] = []
_given: list[Parts] = []


def prepared(build: Callable[[Parts], T]) -> Callable[[], T]:
    """Return what builds from the real parts, once; at once where Lambda initialises a function."""
    once = cache(lambda: build(parts()))
    _built.append(once.cache_clear)
    if configuration.initialising():
        once()
        if sandbox.cache_info().currsize:
            sandbox().wait(_INIT_SECONDS)
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
    """Build the real parts, as the settings say, or return those that were given."""
    if _given:
        return _given[-1]
    have, clock = settings(), SystemClock()
    return assembled(have, _stores(have, clock), clock, _tool, _reader)


def use(have: Parts) -> None:
    """Let this process build its stages from these parts, until ``close``."""
    close()
    _given.append(have)


def assembled(
    have: Settings,
    stores: Stores,
    clock: Clock,
    tool: Callable[[str], DocumentTool],
    reader: Callable[[], PageReader],
) -> Parts:
    """Put parts together over these stores, with what opens documents and reads pages."""
    return Parts(
        store=stores.documents,
        objects=stores.objects,
        clock=clock,
        queue=stores.queue,
        tool=tool,
        reader=reader,
        limits=have.limits,
        defaults=Options(default_languages(have), outputs=have.outputs, engine=have.readers),
        languages=have.engine.languages,
        temporary=have.workspace,
        heavy=have.engine.heavy,
        exclusive=have.engine.exclusive,
        tokens=stores.tokens,
        ledger=stores.ledger,
        secrets=stores.secrets,
        webhooks=stores.webhooks,
        poster=lambda: _poster(have),
        reach=have.reach,
        private=have.private,
        index=stores.index,
        issuer=lambda: _issuer(have),
        sign_in=have.sign_in,
        moves=have.moves,
        signed=have.signed,
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
    _given.clear()
    for forget in (*_built, sandbox.cache_clear, parts.cache_clear, settings.cache_clear):
        forget()


def _stores(have: Settings, clock: SystemClock) -> Stores:
    """Choose where things are kept; the other place's libraries are not imported."""
    if have.data:
        from fanfold.disk import stores

        return stores.build(have.data, stores.database(have.data), clock, have.outbox)
    from fanfold import telemetry
    from fanfold.aws.stores import build as on_aws

    return on_aws(have, clock, telemetry.meter)


def _poster(have: Settings) -> UrlPoster:
    from fanfold.outbound import UrlPoster

    return UrlPoster(private=have.private)


def _issuer(have: Settings) -> JwtVerifier | None:
    if have.issuer is None:
        return None
    from fanfold.jwts import JwtVerifier

    return JwtVerifier(have.issuer)


def _tool(method: str) -> SandboxedTool:
    return tool_in(sandbox(), settings(), method)


def _reader() -> SandboxedReader:
    reader = reader_in(sandbox(), settings())
    reader.start(language(settings()))
    return reader


def tool_in(sandbox: Sandbox, have: Settings, method: str) -> SandboxedTool:
    """Build the tool, made ready for one of its methods."""
    from fanfold.ocr.isolation.tool import SandboxedTool

    sandbox.start(_OPENERS[method])
    return SandboxedTool(sandbox, have.engine, have.limits)


def reader_in(sandbox: Sandbox, have: Settings) -> SandboxedReader:
    """Build the reader; who reads many pages starts it."""
    from fanfold.ocr.isolation.reader import SandboxedReader
    from fanfold.ocr.isolation.tessdata import Tessdata

    return SandboxedReader(sandbox, have.engine, Tessdata(have.engine, have.packs))


def default_languages(have: Settings) -> str:
    """Return what a document is read in where nobody says so: found out where there is a choice."""
    languages = {*have.engine.languages} - NOT_LANGUAGES
    return AUTO_LANGUAGES if len(languages) > 1 else language(have)


def language(have: Settings) -> str:
    """Return the language that most pages are in, for all that is known before they are seen."""
    installed = have.engine.languages
    return "eng" if "eng" in installed else installed[0]
