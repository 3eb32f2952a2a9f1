"""Run a program to its end and keep what it says: the one way in which we start programs ourselves.

Others start some for us: pytesseract tesseract to recognise, pdf2image poppler to draw such pages.
The zygote is not run to its end; ``handle`` starts it.
"""

from __future__ import annotations

import math
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import NamedTuple

from fanfold.errors import PageError
from fanfold.model import MEGABYTE
from fanfold.ocr.isolation import verdict

MAXIMUM_BYTES = 32 * MEGABYTE
"""Maximum of bytes kept of each stream: nine times what pdftotext prints of 50,000 words."""

_CHUNK = 65_536
"""Bytes read at once: what a pipe of Linux holds."""

_complaints: ContextVar[list[str] | None] = ContextVar("complaints", default=None)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Yield the list to which everything is added that programs complain of meanwhile."""
    said: list[str] = []
    before = _complaints.set(said)
    try:
        yield said
    finally:
        _complaints.reset(before)


def hear(complaint: str) -> None:
    """Pass on what a program complained of, to whoever listens."""
    listener = _complaints.get()
    if complaint and listener is not None:
        listener.append(complaint)


class Done(NamedTuple):
    """How a program ended: its status as in ``subprocess``, what it printed and complained of."""

    status: int
    printed: str
    complaint: str

    def value(self, crash: type[PageError]) -> str:
        """Return what was printed; raise the error that the program's end means.

        That is ``crash`` where nothing points to time, memory or disk. poppler goes on after most
        errors in a file and exits with 0, so a status counts and a complaint does not.
        """
        if self.status:
            raise verdict.of_program(self.status, self.complaint, crash)
        return self.printed


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float = math.inf,
    most: int = MAXIMUM_BYTES,
) -> Done:
    """Run ``command`` with our own environment, or with ``environment`` instead.

    Once it has written more than ``most`` bytes to one of its streams, these are kept and it is
    killed, as by a kernel that is out of memory. Raises OSError where it cannot be started, and
    TimeoutError, which is one, after ``seconds``; in a child the sandbox limits the time as well.
    """
    deadline = time.monotonic() + seconds
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            printed, complaint = _heard(process, deadline, most)
            status = process.wait(_left(deadline))
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        finally:
            process.kill()  # does nothing where it has ended
    hear(complaint)
    return Done(status, printed, complaint)


def poppler(folder: Path | str | None, name: str) -> str:
    """Return the path of a poppler program, or its bare name to be found on PATH."""
    return str(Path(folder) / name) if folder else name


def _heard(process: subprocess.Popen[bytes], deadline: float, most: int) -> list[str]:
    """Return what is written to standard output and error; kill what writes too much."""
    said = {stream: bytearray() for stream in (process.stdout, process.stderr) if stream}
    with DefaultSelector() as selector:
        for stream, words in said.items():
            selector.register(stream, EVENT_READ, words)
        while selector.get_map():
            ready = selector.select(_left(deadline))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                key.data.extend(chunk)
                if not chunk:
                    selector.unregister(key.fileobj)
            if any(len(words) > most for words in said.values()):
                process.kill()
                break
    return [words[:most].decode("utf-8", "replace") for words in said.values()]


def _left(deadline: float) -> float | None:
    """Return the seconds until ``deadline``, None where there is none."""
    return None if deadline == math.inf else max(0.0, deadline - time.monotonic())
