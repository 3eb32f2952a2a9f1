"""The sandbox: run one function on a hostile document and make sense of how that ended.

Whatever a document does to the child that parses it — crash, hang, eat memory, fill the disk —
ends here as a typed error, and the handler lives on.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanfold import workspace
from fanfold.errors import (
    DiskFull,
    DocumentError,
    FanfoldError,
    PageError,
    PageTimeout,
    Unavailable,
    by_code,
)
from fanfold.model import MEGABYTE
from fanfold.ocr.isolation import places, verdict, walls
from fanfold.ocr.isolation.child import LOG
from fanfold.ocr.isolation.handle import Zygote, ZygoteDied
from fanfold.settings import Engine

HANDLER_BYTES = 96 * MEGABYTE
"""What no child gets of the function's memory: the handler (some 80 MB with boto3) and the zygote
have it."""

logger = logging.getLogger(__name__)

_FRAME = re.compile(r'^  File "[^"]*?([\w.-]+/[\w.-]+)", line (\d+)', re.MULTILINE)
_KIND = re.compile(r"^([\w.]+)(?=:|$)", re.MULTILINE)
_LOG_TAIL = 4096
"""Bytes at the end of a child's log that tell what it died of."""

_TRYING_SECONDS = 10.0

_MAXIMUM_MESSAGE = 300
"""Maximum of characters of a message that a child words."""


@dataclass(frozen=True, slots=True)
class Job:
    """One call of an allowed function in a child.

    ``seconds`` of wall time; ``file_bytes`` bounds each file it writes; ``crash`` is what a death
    means that points to neither time, memory nor disk. ``prepare``: have what the function needs
    loaded in the zygote, for this child and those after it. It reads nothing but ``reads``, and
    writes its own folder and ``writes``: files or folders that are there already.
    """

    function: str
    arguments: dict[str, Any]
    seconds: float
    crash: type[FanfoldError]
    file_bytes: int = 256 * MEGABYTE
    prepare: bool = False
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child returned, its CPU time in milliseconds and peak resident set in KiB.

    Both figures include the programs that the child started and waited for.
    """

    value: Any
    cpu: int
    peak: int


class Sandbox:
    """One zygote and its children, one job at a time."""

    def __init__(self, engine: Engine, temporary: Path) -> None:
        self._engine = engine
        self._children = temporary / "children"
        self._zygote: Zygote | None = None
        self._lock = threading.Lock()

    def start(self, module: str = "", arguments: dict[str, Any] | None = None) -> None:
        """Start the zygote, if it does not run.

        It loads ``module`` already, and what that prepares for jobs with ``arguments``.
        """
        with self._lock:
            zygote = self._running()
            if module:
                zygote.load(module, arguments)

    def wait(self, seconds: float) -> None:
        """Wait until the zygote has loaded what it was started for, at most so long."""
        with self._lock:
            if self._zygote is not None:
                self._zygote.wait(seconds)

    def close(self) -> None:
        """End the zygote and whatever runs in it."""
        with self._lock:
            if self._zygote is not None:
                self._zygote.kill()
            self._zygote = None

    def run(self, job: Job) -> Answer:
        """Run ``job`` in a child with an empty folder of its own, which is removed afterwards.

        Raises what the function raised of our own errors, or PageTimeout, OutOfMemory, DiskFull
        or ``job.crash``.
        """
        with self._lock, workspace.folder(self._children, alone=True) as folder:
            zygote = self._running()
            try:
                report, answer = zygote.ask(self._order(job, folder), job.seconds)
            except ZygoteDied as error:
                self._zygote = None
                raise _end_of_zygote(error, job) from error
            return _judge(job, report, answer, folder)

    def _running(self) -> Zygote:
        if self._zygote is not None and not self._zygote.alive:
            self._zygote.kill()
            self._zygote = None
        if self._zygote is None:
            self._children.mkdir(parents=True, exist_ok=True)
            walls.hide_environment()
            try:
                self._zygote = Zygote(self._engine, self._children)
            except OSError as error:
                raise Unavailable("The process that opens documents cannot start.") from error
        return self._zygote

    def _order(self, job: Job, folder: Path) -> dict[str, Any]:
        return {
            "function": job.function,
            "arguments": job.arguments,
            "folder": str(folder),
            "seconds": job.seconds,
            "memory_bytes": self._engine.memory_bytes - HANDLER_BYTES,
            "file_bytes": job.file_bytes,
            "prepare": job.prepare,
            "reads": [str(path) for path in job.reads],
            "writes": [str(path) for path in job.writes],
        }


def held(engine: Engine, temporary: Path) -> dict[str, bool]:
    """Try what a child must not be able to do on this machine; return which walls hold."""
    sandbox = Sandbox(engine, temporary)
    attempt = Job(
        "fanfold.ocr.isolation.walls:held",
        {"parent": os.getpid()},
        _TRYING_SECONDS,
        crash=PageError,
        reads=places.of_engine(engine),
    )
    try:
        return {str(wall): bool(holds) for wall, holds in sandbox.run(attempt).value.items()}
    finally:
        sandbox.close()


def _judge(job: Job, report: dict[str, Any], answer: bytes, folder: Path) -> Answer:
    if report["timeout"]:
        raise PageTimeout
    try:
        said = dict(json.loads(answer))
    except (TypeError, ValueError):
        raise _death(job, report, folder) from None
    if "error" in said:
        raise _error(said, job)
    return Answer(said.get("result"), report["cpu"], report["peak"])


def _death(job: Job, report: dict[str, Any], folder: Path) -> FanfoldError:
    words = _last_words(folder)
    error = verdict.of_program(report["status"], words, job.crash)
    if type(error) is job.crash and not _room(folder):  # its last words had no place either
        error = DiskFull()
    logger.warning(
        "a child ended without an answer",
        extra={
            "function": job.function,
            "status": report["status"],
            "code": error.code,
            "where": _where(words),
        },
    )
    return error


def _where(words: str) -> str:
    """Return the place and the kind of a traceback's error, never its message: that may quote."""
    places = [f"{file}:{line}" for file, line in _FRAME.findall(words)]
    return ", ".join([*places[-1:], *_KIND.findall(words)[-1:]]) if places else ""


def _error(said: dict[str, Any], job: Job) -> FanfoldError:
    kind = by_code(str(said["error"]))
    if not issubclass(kind, DocumentError | PageError):  # a child does not speak for the service
        kind = job.crash
    message = "".join(c for c in str(said.get("message", "")) if c.isprintable())
    return kind(message[:_MAXIMUM_MESSAGE])


def _end_of_zygote(error: ZygoteDied, job: Job) -> FanfoldError:
    if error.status is None:
        return PageTimeout()
    return verdict.of_program(error.status, "", job.crash)


def _room(folder: Path) -> bool:
    """Whether there is room for as much of a log as is read."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize >= _LOG_TAIL


def _last_words(folder: Path) -> str:
    try:
        with (folder / LOG).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_TAIL))
            return log.read(_LOG_TAIL).decode("utf-8", "replace")
    except OSError:
        return ""
