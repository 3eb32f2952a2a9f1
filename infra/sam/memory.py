"""The peak of a container's memory, sampled: the emulator's own figure is the limit, repeated."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from docker.errors import APIError

_PAUSE = 0.02
"""Seconds between two samples; Docker's own statistics come once a second."""
_LABEL = "sam.cli.function.name"
_CGROUPS = Path("/sys/fs/cgroup")


class PeakMemory(threading.Thread):
    """Watches the container of a function from its start to its end.

    The peak is what `docker stats` would have shown at most: without files that the kernel keeps
    in memory for as long as nobody else needs it.
    """

    def __init__(self, client: Any, function: str) -> None:  # noqa: ANN401 - the SDK has no types
        super().__init__(name=f"memory-{function}", daemon=True)
        self._peak: int | None = None
        self._client = client
        self._filters = {"label": f"{_LABEL}={function}"}
        self._ended = threading.Event()

    def run(self) -> None:
        """Wait for the container and sample it until told to end."""
        while not self._ended.wait(_PAUSE):
            with suppress(APIError, OSError):  # it ended meanwhile
                for container in self._client.containers.list(filters=self._filters):
                    pid = container.attrs["State"]["Pid"]
                    self._follow(cgroup(Path(f"/proc/{pid}/cgroup").read_text("ascii")))

    def end(self) -> int | None:
        """Stop sampling and return the peak in bytes, None if there was nothing to see."""
        self._ended.set()
        self.join()
        return self._peak

    def _follow(self, folder: Path) -> None:
        while not self._ended.wait(_PAUSE):
            self._peak = max(self._peak or 0, working_set(folder))


def cgroup(membership: str, root: Path = _CGROUPS) -> Path:
    """Return the memory cgroup's folder for the text of a /proc/PID/cgroup, v1 or v2."""
    paths = {}
    for line in membership.splitlines():
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path.lstrip("/")))
    return root / "memory" / paths["memory"] if "memory" in paths else root / paths[""]


def working_set(folder: Path) -> int:
    """Return the bytes in use but for idle files; raise OSError when the cgroup is gone."""
    old, new = folder / "memory.usage_in_bytes", folder / "memory.current"
    used = int((old if old.exists() else new).read_text("ascii"))
    lines = (folder / "memory.stat").read_text("ascii").splitlines()
    detail = dict(line.split(" ", 1) for line in lines)
    idle = detail.get("total_inactive_file", detail.get("inactive_file", "0"))
    return max(0, used - int(idle))
