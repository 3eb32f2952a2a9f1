"""Canaries that nobody must touch and an address that nobody must call."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.data import pdfs, pictures
from tests.hostile.registry import Lures

WORDS = "Quokka Zephyrwort"
"""What the canaries say; no other file does."""

NEVER = 0
"""Access time of a canary that nobody has opened."""


class Listener:
    """Counts who connects to a loopback port; nobody is answered."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._socket.setblocking(False)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def connections(self) -> int:
        """Return how many have connected since the last time."""
        count = 0
        with suppress(BlockingIOError):
            while True:
                self._socket.accept()[0].close()
                count += 1
        return count

    def close(self) -> None:
        self._socket.close()


@contextmanager
def set_out(folder: Path) -> Iterator[tuple[Lures, Listener]]:
    """Write the canaries to ``folder`` and listen."""
    folder.mkdir()
    listener = Listener()
    lures = Lures(folder, WORDS, listener.url)
    lures.text.write_text(f"{WORDS}\n")
    lures.picture.write_bytes(pictures.encode(pictures.page(WORDS, (900, 420)), "PNG"))
    lures.pdf.write_bytes(pdfs.save(pdfs.typed((WORDS,))))
    for path in folder.iterdir():
        forget(path)
    try:
        yield lures, listener
    finally:
        listener.close()


def forget(path: Path) -> None:
    """Make a file look as if nobody ever opened it: the next one who does leaves the time."""
    os.utime(path, (NEVER, path.stat().st_mtime))


def opened(lures: Lures) -> list[str]:
    """Return the names of the canaries that somebody has opened."""
    return sorted(p.name for p in lures.folder.iterdir() if p.stat().st_atime != NEVER)


def said(lures: Lures, data: bytes) -> bool:
    """Tell whether ``data`` holds a word of the canaries."""
    folded = data.decode("utf-8", "replace").casefold()
    return any(word.casefold() in folded for word in lures.words.split())
