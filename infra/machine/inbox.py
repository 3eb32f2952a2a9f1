"""The watched folder: files that people and scanners put there become documents, each once.

A file is taken when it has not changed between two looks, and nobody is known to be writing it, so
nothing half is read. What was taken is noted with its size and time in the transaction that takes
it: after any death, and after every restart, each file is one document, and one that changes is
another.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection

from fanfold import keys
from fanfold.disk.database import Database
from fanfold.disk.objects import DiskObjects
from fanfold.disk.taken import Look, Taken
from fanfold.errors import Unavailable
from fanfold.model import Document, State
from fanfold.ports import DocumentStore, ObjectInfo
from infra.machine.changes import LOOK_SECONDS, ByClock, Changes, changes_in

logger = logging.getLogger(__name__)

DONE, FAILED = "done", "failed"
"""Folders of the inbox that originals are moved to, where that is asked for."""

_SETTLE_SECONDS = 0.4
"""Between news of a file and the look that finds it at rest."""
_AT_REST_SECONDS = 60.0
"""After which even a folder is looked at of which nothing is heard."""
_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "lost+found"})
_OFFICE_LOCK = "~$"
_AT_ONCE = 100


class Inbox:
    """Watches a folder with all folders below it, until it is stopped.

    ``outbox`` is made, for people to find it; ``move``: originals go to ``done/`` and
    ``failed/`` when their documents have ended.
    """

    def __init__(
        self,
        folder: Path,
        outbox: Path,
        database: Database,
        objects: DiskObjects,
        documents: DocumentStore,
        *,
        move: bool = False,
    ) -> None:
        self._folder = folder
        self._outbox = outbox
        self._taken = Taken(database)
        self._objects = objects
        self._documents = documents
        self._move = move
        self._changes: Changes = ByClock()
        self._before: dict[str, Look] = {}
        self._dealt: dict[str, Look] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._outbox.mkdir(parents=True, exist_ok=True)
        self._changes = changes_in(self._folder)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        self._changes.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        look, news, looked = True, False, 0.0
        while not self._stopped.is_set():
            at_rest = True
            try:
                if look:
                    looked, at_rest = time.monotonic(), False
                    at_rest = self.look()
                self.tell()
            except (OSError, Unavailable) as error:  # the folder's disk is away or full: later
                logger.warning("the inbox cannot be read: %s", type(error).__name__)
            news = self._changes.wait(_SETTLE_SECONDS if news else LOOK_SECONDS)
            look = news or not at_rest or time.monotonic() - looked > _AT_REST_SECONDS

    def look(self) -> bool:
        """Take what has not changed since the last look; return whether nothing has."""
        now = dict(self._files())
        still = {path for path, look in now.items() if self._before.get(path) == look}
        self._before = now
        self._dealt = {path: look for path, look in self._dealt.items() if now.get(path) == look}
        for path in sorted(still - self._dealt.keys()):
            if self._changes.being_written(self._folder / path):
                continue
            if self._taken.known(path) == now[path] or self._take(path, now[path]):
                self._dealt[path] = now[path]
        return len(still) == len(now)

    def _hear(self, folder: Path) -> None:
        try:
            self._changes.watch(folder)
        except OSError as error:
            logger.warning("the inbox is looked at by the clock: %s", error)
            self._changes = ByClock()

    def tell(self) -> None:
        """Put originals where they belong whose documents have ended."""
        for id_ in self._taken.untold(_AT_ONCE):
            document = self._documents.get(id_)
            if document:
                path = keys.inbox_path(document.source.key) if document.source else None
                if path:
                    self._tell(path, document)
                self._taken.told(id_, document.state)

    def _files(self) -> Iterator[tuple[str, Look]]:
        """Yield the files that may be documents, by their paths below the folder."""
        moved = {self._folder / DONE, self._folder / FAILED} if self._move else set()
        self._hear(self._folder)
        for place, folders, files in os.walk(self._folder):
            base = Path(place)
            folders[:] = [name for name in folders if _may_be(name) and base / name not in moved]
            for name in folders:  # before they are listed: nothing comes in between
                self._hear(base / name)
            for name in files:
                path = base / name
                relative = path.relative_to(self._folder).as_posix()
                if _may_be(name) and keys.inbox_path(keys.INBOX + relative):
                    with suppress(OSError):  # gone since
                        found = path.lstat()
                        if path.is_file() and not path.is_symlink():
                            yield relative, Look(found.st_size, found.st_mtime_ns)

    def _take(self, path: str, look: Look) -> bool:
        """Make a document of a file; False where it is another by now, or cannot be read."""

        def note(connection: Connection, info: ObjectInfo) -> None:
            document = keys.inbox_document(info.key, info.version)
            self._taken.note(connection, path, look, document)

        try:
            self._tell_options(path)
            with (self._folder / path).open("rb") as source:
                found = os.fstat(source.fileno())
                if Look(found.st_size, found.st_mtime_ns) != look:
                    return False
                key = keys.INBOX + path
                self._objects.put_stream(key, source, "application/octet-stream", note)
                return True
        except (FileNotFoundError, PermissionError) as error:
            logger.warning("a file of the inbox cannot be read: %s", type(error).__name__)
            return False

    def _tell_options(self, path: str) -> None:
        """Let the store have what is wished for the files of these folders, as it is now."""
        for key in keys.folder_options(keys.INBOX + path):
            place = self._folder / key.removeprefix(keys.INBOX)
            if not place.is_file() or place.is_symlink():
                self._objects.delete(key)
                continue
            with place.open("rb") as file:
                said = file.read(keys.FOLDER_OPTIONS_BYTES + 1)
            if said != self._objects.get(key):
                self._objects.delete(key)
                self._objects.put(key, said, "application/toml")

    def _tell(self, path: str, document: Document) -> None:
        """Put an original away that has ended; results and reasons are in the outbox by now."""
        if self._move and document.state is not State.DELETED:
            self._put_away(path, document)

    def _put_away(self, path: str, document: Document) -> None:
        """Move an original that is still the one that was read."""
        good = document.state in (State.SUCCEEDED, State.PARTIAL)
        source = self._folder / path
        target = self._folder / (DONE if good else FAILED) / path
        with suppress(FileNotFoundError):
            if source.stat().st_size == (document.source.size if document.source else -1):
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)


def _may_be(name: str) -> bool:
    """Whether a name may be a document's or a folder's: no hidden, system's or half-written one."""
    try:
        name.encode()
    except UnicodeEncodeError:  # bytes that are no text: no key can say them
        return False
    hidden = name.startswith((".", _OFFICE_LOCK))
    return not hidden and name.lower() not in _SYSTEM
