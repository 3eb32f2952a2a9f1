"""Jobs: documents of the service that are read for somebody who asks as Textract is asked."""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from client.answers import Status
from client.errors import CliError, Refused
from client.service import Service
from fanfold.model import Output, State
from infra.textract.errors import TextractError, failed, refused
from infra.textract.requests import FEATURES, Place
from infra.textract.stores import Store

logger = logging.getLogger(__name__)

SYNCHRONOUS_SECONDS = 45.0
"""How long an answer may take; SDKs wait for a minute."""
_AT_ONCE = 4
"""Maximum of documents that somebody waits for at once; the server's threads are few."""
_LOOK_SECONDS = 0.1
_KEPT = 64
"""Maximum of documents that are remembered until they are asked for again."""
_ID = re.compile(r"([at])([tl]*)-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Job:
    """A document, and what of its blocks was asked for: words alone where it is no analysis."""

    document: str
    analysis: bool
    features: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The job's id; it says all that is known of it."""
        kind = "a" if self.analysis else "t"
        return f"{kind}{''.join(one[0].lower() for one in self.features)}-{self.document}"


def job(name: str, *, analysis: bool) -> Job:
    """Return the job of an id; raise TextractError where it is none of this kind."""
    found = _ID.fullmatch(name)
    if found is None or (found[1] == "a") != analysis:
        raise TextractError("InvalidJobIdException", "There is no such job.")
    features = tuple(one for one in FEATURES if one[0].lower() in found[2])
    return Job(found[3], analysis, features)


class Jobs:
    """Hands documents to the service. Every method raises TextractError, nothing of the client's.

    ``temporary`` is a folder for files, by default the system's.

    What took too long is remembered by its content: asked for again, it need not be read anew.
    """

    def __init__(
        self,
        service: Service,
        store: Store,
        seconds: float = SYNCHRONOUS_SECONDS,
        temporary: Path | None = None,
    ) -> None:
        self._service, self._store, self._seconds = service, store, seconds
        self._temporary = temporary
        self._waiting = threading.Semaphore(_AT_ONCE)
        self._late: dict[str, str] = {}

    def start(self, place: Place, token: str) -> str:
        """Have a document of any size read; return its id. The same token is the same document."""
        key = "textract-" + hashlib.sha256(token.encode()).hexdigest() if token else ""
        with _translated(), tempfile.TemporaryDirectory(dir=self._temporary) as folder:
            return self._submit(place, Path(folder) / "document", key)

    def status(self, document: str) -> Status:
        """Return a document's state."""
        with _translated():
            return self._service.status(document)

    def fetch(self, document: str, target: Path) -> None:
        """Write a document's blocks into a file."""
        with _translated(), target.open("wb") as file:
            self._service.fetch(document, Output.TEXTRACT, file)

    @contextmanager
    def read(self, given: bytes | Place) -> Iterator[Status]:
        """Have a document of one page read, and delete it. ThrottlingException where it is late."""
        if not self._waiting.acquire(blocking=False):
            raise _busy("Too many documents are being read at once.")
        try:
            with tempfile.TemporaryDirectory(dir=self._temporary) as folder:
                key, document = self._begun(given, Path(folder) / "document")
            try:
                yield self._ended(key, document)
            finally:
                if key not in self._late:
                    self._forget(document)
        finally:
            self._waiting.release()

    def _begun(self, given: bytes | Place, path: Path) -> tuple[str, str]:
        """Return a document's digest, and its id: of what is under way where it was late."""
        self._copy(given, path)
        with path.open("rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest()
        with _translated():
            return key, self._late.pop(key, "") or self._hand_in(path, "textract", "")

    def _ended(self, key: str, document: str) -> Status:
        """Wait for a document's end; raise TextractError where it is late or was not read."""
        until = time.monotonic() + self._seconds
        found = self.status(document)
        while found.state.live:
            if found.pages.total > 1:
                raise TextractError(
                    "UnsupportedDocumentException",
                    f"It has {found.pages.total} pages: those are read by Start operations.",
                )
            if time.monotonic() > until:
                self._remember(key, document)
                raise _busy(f"The document is not read after {self._seconds:g} s: ask again.")
            time.sleep(_LOOK_SECONDS)
            found = self.status(document)
        if found.state is not State.SUCCEEDED:
            page = next(iter(found.failed_pages), None)
            raise failed(page.reason if page else found.reason)
        return found

    def _submit(self, place: Place, path: Path, key: str) -> str:
        self._copy(place, path)
        return self._hand_in(path, PurePosixPath(place.name).name, key)

    def _hand_in(self, path: Path, name: str, key: str) -> str:
        options = {"outputs": [Output.TEXTRACT.value]}
        return self._service.submit(path, options, name=name, key=key)

    def _copy(self, given: bytes | Place, path: Path) -> None:
        if isinstance(given, bytes):
            path.write_bytes(given)
            return
        with path.open("wb") as file:
            self._store.fetch(given, file)

    def _remember(self, key: str, document: str) -> None:
        self._late[key] = document
        while len(self._late) > _KEPT:
            self._forget(self._late.pop(next(iter(self._late))))

    def _forget(self, document: str) -> None:
        """Delete a document; where that fails, it stays in the list, and its answer is given."""
        try:
            self._service.delete(document)
        except CliError as error:
            logger.warning("a document that was read at once was not deleted: %s", error)


def _busy(message: str) -> TextractError:
    return TextractError("ThrottlingException", message)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        raise refused(error) from error
    except CliError as error:  # nobody there, or one who wants a token
        raise TextractError("InternalServerError", str(error)) from error
