"""Files read in this very process, on a folder that goes when it is done: `fanfold extract`.

The stages are called as the service calls them, without HTTP in between: for one page that would
cost more than reading it. Where several pages wait, worker processes help.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from client import answers
from client.errors import Refused, Unreachable
from client.reader import PASSWORD
from fanfold import errors, keys, quality
from fanfold.access import TENANT
from fanfold.disk.objects import DiskObjects
from fanfold.model import Output, PageState
from fanfold.stages import build, options
from fanfold.stages.documents import Status
from fanfold.stages.submit import Submission
from infra.http.running import Running
from infra.machine.crew import Crew
from infra.machine.steps import Setup, Steps
from infra.machine.worker import TEMPORARY, Worker, run

_SPARE = 1
"""Messages that may wait for this process itself, before another one is started."""


_GOODBYE_SECONDS = 0.5


class Here(Running):
    """Reads files between ``with`` and its end; implements the Reader of the client."""

    lasting = False

    def __init__(self, setup: Setup, workers: int | None = None) -> None:
        super().__init__()
        self._setup = setup
        self._limit = (workers or os.cpu_count() or 1) - 1

    def stop(self) -> None:
        """Stop, at once."""
        super().stop()
        shutil.rmtree(self._setup.data, ignore_errors=True)

    def _start(self) -> None:
        self._steps = Steps(self._setup, self._setup.data / TEMPORARY / "here", ready=False)
        (function,) = {route.function for route in self._steps.wiring.routes}
        self._api = build.api(self._steps.parts(function))
        self._run(self._steps)
        if self._limit > 0:
            crew = Crew(self._setup, self._steps.database, self._limit, spare=_SPARE)
            crew.start()
            self._undo.callback(crew.stop)

    def submit(self, path: Path, options_: Mapping[str, Any]) -> str:
        """Hand in a file and return the document's id."""
        with _answering():
            given = dict(options_)
            password = given.pop(PASSWORD, "")
            chosen = options.parse(given, self._api.languages, self._api.defaults)
            wish = Submission(path.name, chosen, path.stat().st_size, password=password)
            document, _ = self._api.submit(TENANT, wish)
            with path.open("rb") as file:
                key = keys.upload(TENANT, document.id)
                self._objects.put_stream(key, file, "application/octet-stream")
            return document.id

    def status(self, document: str) -> answers.Status:
        """Return a document's state and what is known of its pages."""
        with _answering():
            return _told(self._api.documents.describe(TENANT, document))

    def fetch(self, document: str, output: Output, target: BinaryIO) -> None:
        """Write a result to ``target``."""
        with _answering():
            found = self._api.documents.describe(TENANT, document).document
            key = keys.result(found.id, found.results_run, keys.RESULT_FILES[output])
            path = self._objects.path(key) if output in found.results else None
            if path is None:
                raise errors.NoResult
            with path.open("rb") as source:
                shutil.copyfileobj(source, target)

    @property
    def _objects(self) -> DiskObjects:
        objects = self._steps.stores.objects
        assert isinstance(objects, DiskObjects)
        return objects

    def _run(self, steps: Steps) -> None:
        thread = threading.Thread(
            target=run, args=(Worker(steps, "here"), self._stopped), name="work", daemon=True
        )
        thread.start()

        def end() -> None:
            thread.join(timeout=_GOODBYE_SECONDS)
            if not thread.is_alive():  # else a page is being read, which ends with this process
                steps.close()

        self._undo.callback(end)


@contextmanager
def _answering() -> Iterator[None]:
    """Turn the stages' errors into what a client is told."""
    try:
        yield
    except (errors.RequestError, errors.DocumentError) as error:
        said = " ".join(filter(None, (str(error), error.hint)))
        raise Refused(error.code, said, retryable=error.retryable) from error
    except errors.ServiceError as error:
        raise Unreachable(str(error)) from error


def _told(status: Status) -> answers.Status:
    document, states = status.document, [page.state for page in status.pages]
    read = quality.of({page.page: page.done for page in status.pages if page.done})
    return answers.Status(
        id=document.id,
        name=document.name,
        state=document.state,
        pages=answers.Counts(
            document.pages_total, states.count(PageState.DONE), states.count(PageState.FAILED)
        ),
        failed_pages=tuple(
            answers.FailedPage(page.page, page.error) for page in status.pages if page.error
        ),
        review=read.review,
        reason=document.reason,
        results=document.results,
    )
