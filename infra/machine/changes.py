"""When to look at a watched folder: as the kernel tells of changes, or once a second.

Told by inotify a folder costs nothing while nobody touches it, and a file that somebody has open
for writing is known not to be whole. Network folders, systems without inotify and folders beyond
its limits are looked at by the clock.
"""

from __future__ import annotations

import logging
import os
import select
import sys
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from infra.machine.data import is_local

if TYPE_CHECKING:
    from inotify_simple import Event

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks by the clock."""
_GATHER_SECONDS = 0.3
"""For which news is waited for that comes together."""
_WRITING_SECONDS = 60.0
"""How long a file counts as being written after its last change, where nobody closes it."""

_OVER = 0x008 | 0x040 | 0x200
"""inotify's CLOSE_WRITE, MOVED_FROM and DELETE: after which nobody writes a file of that name."""


class Changes(Protocol):
    """Says when to look, and what not to take yet."""

    def watch(self, folder: Path) -> None:
        """Hear of what happens in a folder, before it is listed."""

    def wait(self, seconds: float) -> bool:
        """Wait so long, or for news, or for the end; return whether there is reason to look."""

    def being_written(self, path: Path) -> bool:
        """Whether somebody is known to be writing a file."""

    def stop(self) -> None:
        """End the waiting, from another thread."""


class ByClock:
    """Looks again and again."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def watch(self, folder: Path) -> None:
        """Nothing is heard of any folder."""

    def wait(self, seconds: float) -> bool:
        """Wait until it is time."""
        return not self._stopped.wait(seconds)

    def being_written(self, path: Path) -> bool:
        """Nobody knows."""
        return False

    def stop(self) -> None:
        """End the waiting."""
        self._stopped.set()


class Told:
    """Hears from inotify. Raises OSError where there is none, and beyond its limits."""

    def __init__(self) -> None:
        from inotify_simple import INotify, flags  # noqa: PLC0415 - on Linux alone

        self._flags = flags
        self._inotify = INotify()
        self._end = os.eventfd(0)
        weakref.finalize(self, os.close, self._end)
        weakref.finalize(self, self._inotify.close)
        self._folders: dict[int, Path] = {}
        self._written: dict[Path, float] = {}
        self._poll, self._gather = select.poll(), select.poll()
        self._poll.register(self._inotify.fileno(), select.POLLIN)
        for poll in (self._poll, self._gather):
            poll.register(self._end, select.POLLIN)

    def watch(self, folder: Path) -> None:
        """Hear of what happens in a folder; raise OSError beyond the limits."""
        heard = self._flags
        mask = (
            heard.CREATE | heard.MODIFY | heard.ATTRIB | heard.CLOSE_WRITE | heard.DELETE
            | heard.MOVED_FROM | heard.MOVED_TO | heard.ONLYDIR | heard.DONT_FOLLOW
        )  # fmt: skip
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):  # it cannot be read
            self._folders[self._inotify.add_watch(folder, mask)] = folder

    def wait(self, seconds: float) -> bool:
        """Wait for news, and a little longer for what comes with it."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            ready = {descriptor for descriptor, _ in self._poll.poll(int(left * 1000) + 1)}
            if self._end in ready:
                return False
            if self._heard():
                self._gather.poll(_GATHER_SECONDS * 1000)
                self._heard()
                return True
        return False

    def _heard(self) -> bool:
        """Whether there is news; that a file is written on is none."""
        told = [self._is_news(event) for event in self._inotify.read(0)]
        return any(told)

    def being_written(self, path: Path) -> bool:
        """Whether somebody has written to a file and not closed it since."""
        last = self._written.get(path)
        return last is not None and time.monotonic() - last < _WRITING_SECONDS

    def stop(self) -> None:
        """End the waiting, this one and every one to come."""
        os.eventfd_write(self._end, 1)

    def _is_news(self, event: Event) -> bool:
        heard, folder = self._flags, self._folders.get(event.wd)
        if event.mask & heard.IGNORED:
            self._folders.pop(event.wd, None)
        if event.mask & heard.Q_OVERFLOW:
            self._written.clear()
        if folder is not None and event.mask & heard.MODIFY:
            self._written[folder / event.name] = time.monotonic()
            return False
        if folder is not None and event.mask & _OVER:
            self._written.pop(folder / event.name, None)
        return True


def changes_in(folder: Path) -> Changes:
    """Return what tells of changes in a folder."""
    if sys.platform == "linux" and is_local(folder):
        try:
            return Told()
        except OSError as error:
            logger.warning("the inbox is looked at by the clock: %s", error)
    return ByClock()
