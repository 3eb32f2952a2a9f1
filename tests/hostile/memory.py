"""How much memory the processes take that open documents, all together."""

from __future__ import annotations

import threading

import psutil

_EVERY_SECONDS = 0.1


class Gauge:
    """Samples what runs below this process; shared pages count once (PSS, where there is one)."""

    def __init__(self) -> None:
        self.peak = 0
        """Bytes."""
        self._me = psutil.Process()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_EVERY_SECONDS):
            family = self._me.children(recursive=True)
            if sum(_bytes(one, "rss") for one in family) > self.peak:
                self.peak = max(self.peak, sum(_bytes(one, "pss") for one in family))


def _bytes(process: psutil.Process, kind: str) -> int:
    try:
        info = process.memory_info() if kind == "rss" else process.memory_full_info()
        return int(getattr(info, kind, info.rss))
    except psutil.Error:
        return 0
