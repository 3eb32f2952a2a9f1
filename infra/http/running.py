"""What a service that is started and stopped as one object does, whatever it consists of."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import Self


class Running:
    """Runs from ``with`` to its end; ``_start`` says what, and registers how each part ends."""

    def __init__(self) -> None:
        self._undo = ExitStack()
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        """Start everything, or leave nothing behind."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def wait(self) -> None:
        """Wait for an interrupt, a termination or ``stop``; for the main thread only."""
        previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def end(number: int, frame: FrameType | None) -> None:
            self._stopped.set()

        for number in previous:
            signal.signal(number, end)
        try:
            self._stopped.wait()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Stop everything; harmless when it is stopped already."""
        self._stopped.set()
        self._undo.close()

    def _start(self) -> None:
        raise NotImplementedError
