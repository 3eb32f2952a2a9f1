"""The service of one machine as one object: start it, use its address, stop it."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fanfold import bootstrap
from fanfold.bootstrap import SystemClock
from fanfold.disk import checkup, stores
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.disk.formats import NewerFormat
from fanfold.disk.index import DiskIndex
from fanfold.disk.objects import DiskObjects
from fanfold.disk.queues import release_all
from fanfold.errors import Unavailable
from fanfold.ocr.isolation import walls
from fanfold.stages import build
from fanfold.stages.build import Parts
from fanfold.stages.sweep import Sweep
from infra.http.running import Running
from infra.http.serving import LOOPBACK, Server, listen, loopback_only
from infra.machine import installed, tokens, upkeep
from infra.machine.crew import Crew
from infra.machine.data import DataError, Lock, check_apart
from infra.machine.inbox import Inbox
from infra.machine.steps import CALLING, Setup, Steps
from infra.machine.worker import TEMPORARY, Worker, run
from infra.textract.endpoint import Endpoint
from infra.textract.stores import Folder

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)

_SETTLE_SECONDS = 1.0
"""How old a mark may be that power loss takes away."""
_LANGUAGES_SECONDS = 2.0
"""Between two looks whether languages were installed: one look at a folder's time."""
_FORGET_SECONDS = 3600.0
_INDEX_SECONDS = 5.0
"""How long what has ended, or was deleted, waits for the index."""
_THREADS = 16
_GOODBYE_SECONDS = 0.5
_CALLERS = 2
"""Webhooks that are told at once."""
TEXTRACT = "s3"
"""The folder below the data folder that holds what Textract's callers name as objects of S3."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the service runs; a port of 0 is any free one.

    ``inbox`` and ``outbox`` are folders of the data folder where none are named; ``move``:
    originals go to folders of the inbox; ``retain``: days that documents are kept after their end,
    for ever where it is None. ``host`` other than loopback wants a token of everybody.
    """

    port: int = 0
    host: str = LOOPBACK
    workers: int | None = None
    inbox: Path | None = None
    outbox: Path | None = None
    move: bool = False
    retain: int | None = None
    verbose: bool = False
    private_webhooks: bool = False
    """Webhooks may have addresses of this machine's own network."""


class Machine(Running):
    """Runs the service over a data folder, from ``with`` to its end.

    Raises DataError, PortBusy and TemplateError.
    """

    url: str
    inbox: Path
    outbox: Path
    data: Path
    token: str | None = None
    """A token that was made just now, to be shown once."""

    def __init__(self, setup: Setup, wish: Wish) -> None:
        super().__init__()
        self._wish = wish
        self.inbox = (wish.inbox or setup.data / "inbox").absolute()
        self.outbox = (wish.outbox or setup.data / upkeep.OUTBOX).absolute()
        self.data = setup.data.absolute()
        self._setup = replace(
            setup, data=self.data, outbox=self.outbox, private=wish.private_webhooks
        )

    @property
    def worker_pids(self) -> list[int]:
        """The worker processes that run now."""
        return self._crew.pids

    def _start(self) -> None:
        walls.hide_environment()
        check_apart(self.inbox, self.outbox, self.data)
        lock = Lock(self._setup.data)
        self._undo.callback(lock.release)
        database = open_database(self._setup.data)
        self._undo.callback(database.close)
        clock = SystemClock()
        temporary = self._setup.data / TEMPORARY
        shutil.rmtree(temporary, ignore_errors=True)  # of workers that were killed
        release_all(database, clock)
        steps = Steps(self._setup, temporary / "front", database=database, ready=False)
        self._setup = installed.followed(self._setup, steps.engine)
        self._serve(steps, lock)
        self._crew = Crew(self._setup, database, self._wish.workers or os.cpu_count() or 1)
        self._crew.start()
        self._undo.callback(self._crew.stop)
        self._call_strangers(database, temporary)
        self._keep_time(steps, database)
        self._in_background(lambda: checkup.clear(self.data, lock.since))
        objects = steps.stores.objects
        assert isinstance(objects, DiskObjects)
        inbox = Inbox(
            self.inbox,
            self.outbox,
            database,
            objects,
            steps.stores.documents,
            move=self._wish.move,
        )
        inbox.start()
        self._undo.callback(inbox.stop)

    def _call_strangers(self, database: Database, temporary: Path) -> None:
        """Tell webhooks, a few at a time, while pages are read: who is told may be slow."""
        for number in range(_CALLERS):
            name = f"caller-{number}"
            steps = Steps(self._setup, temporary / name, database=database, ready=False)
            thread = threading.Thread(
                target=self._call, args=(Worker(steps, name, [CALLING]),), name=name, daemon=True
            )
            thread.start()
            # Nobody waits for who does not answer: what is in work comes again at the next start.
            self._undo.callback(thread.join, _GOODBYE_SECONDS)

    def _call(self, worker: Worker) -> None:
        try:
            run(worker, self._stopped)
        except sqlite3.ProgrammingError:  # closed meanwhile
            if not self._stopped.is_set():
                raise

    def _serve(self, steps: Steps, lock: Lock) -> None:
        """Answer requests: the API's stages are those of this process."""
        os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")  # nobody collects them
        os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "INFO" if self._wish.verbose else "WARNING")
        os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "fanfold")
        from infra.machine.front import Front  # noqa: PLC0415 - with Powertools

        parts = _of_api(steps)
        bootstrap.use(parts)
        self._undo.callback(bootstrap.close)
        listener = listen(self._wish.port, self._wish.host)
        self._undo.callback(listener.close)
        assert isinstance(parts.objects, DiskObjects)
        alone = self._wish.host == LOOPBACK
        self._front = front = Front(
            parts.objects, steps.wiring.routes, parts.limits, trusting=alone
        )
        self._undo.callback(front.close)
        url = f"http://{self._wish.host}:{listener.getsockname()[1]}"
        application: WSGIApplication = front
        if alone:
            temporary = self.data / TEMPORARY / "textract"
            temporary.mkdir(parents=True)
            textract = Endpoint(front, url, Folder(self.data / TEXTRACT), temporary)
            self._undo.callback(textract.close)
            application = loopback_only(textract)
        if not alone:
            self.token = tokens.first(self.data, steps.database, steps.clock)
        body_bytes = parts.limits.document_bytes + (1 << 20)
        server = Server(listener, application, threads=_THREADS, body_bytes=body_bytes)
        server.start()
        self._undo.callback(server.stop)
        self.url = url
        lock.say(url)

    def _keep_time(self, steps: Steps, database: Database) -> None:
        """Sweep as often as the template says, and put on the disk what was committed."""
        for schedule in steps.wiring.schedules:
            sweep = build.sweep(steps.parts(schedule.function))
            self._every(schedule.seconds, lambda sweep=sweep: _swept(sweep))  # type: ignore[misc]
        documents = steps.stores.documents
        assert isinstance(documents, DiskDocuments)
        delete = build.api(_of_api(steps)).delete

        def forget() -> None:
            if self._wish.retain is not None:
                upkeep.expire(documents, delete, steps.clock, self._wish.retain)
            upkeep.forget(self.data, database, documents)

        self._every(_FORGET_SECONDS, forget, at_once=True)
        index = steps.stores.index
        assert isinstance(index, DiskIndex)
        self._every(_INDEX_SECONDS, index.follow, at_once=True)
        self._undo.callback(index.stop)
        self._every(_SETTLE_SECONDS, database.settle)
        self._every(_LANGUAGES_SECONDS, lambda: self._follow_languages(steps))

    def _follow_languages(self, steps: Steps) -> None:
        """Know what was installed or removed: the API at once, workers before their next page."""
        setup = installed.renewed(self._setup, steps.engine)
        if setup:
            self._setup = setup
            steps.follow(setup)
            self._front.use(_of_api(steps))
            self._crew.follow(setup)

    def _every(self, seconds: float, task: Callable[[], None], *, at_once: bool = False) -> None:
        def run() -> None:
            wait = 0.0 if at_once else seconds
            while not self._stopped.wait(wait):
                wait = seconds
                try:
                    task()
                except Unavailable:  # the database is locked or the disk is full: next time
                    logger.warning("a task of the clock was put off")
                except Exception as error:  # the edge: the next turn is another try
                    logger.warning("a task of the clock failed: %s", type(error).__name__)

        self._in_background(run)

    def _in_background(self, run: Callable[[], object]) -> None:
        thread = threading.Thread(target=run, name="clock", daemon=True)
        thread.start()
        self._undo.callback(thread.join)


def _of_api(steps: Steps) -> Parts:
    (function,) = {route.function for route in steps.wiring.routes}
    return steps.parts(function)


def _swept(sweep: Sweep) -> None:
    sweep()


def open_database(data: Path) -> Database:
    """Open a data folder's database, with what clients are told on the disk; raise DataError."""
    try:
        return stores.database(data, durable=True)
    except NewerFormat as error:
        raise DataError(str(error)) from error


def log_to_standard_error(*, verbose: bool) -> None:
    """Let warnings be seen, and with ``verbose`` the rest, too."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s %(message)s")
