"""A control group that holds what runs in it to so much memory and so much of a processor."""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from infra.sam.memory import working_set

_ROOT = Path("/sys/fs/cgroup")
_PERIOD = 100_000
"""Microseconds over which the processor's share is counted."""
_PAUSE = 0.02
"""Seconds between two samples of the memory in use."""


class Lane:
    """``memory`` in bytes, ``vcpu`` as a share of one processor.

    ``enforced`` tells whether this machine lets us (root, control groups); ``told`` says so.
    ``peak`` is the most memory in use at once without idle files, ``killed`` how many processes
    the kernel ended for want of memory.
    """

    def __init__(self, memory: int, vcpu: float) -> None:
        self._memory, self._quota = str(memory), str(int(vcpu * _PERIOD))
        self._folders: list[Path] = []
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self.peak = 0
        self.killed = 0
        self.told = "no control group may be made here, so only the child's own limits hold"

    @property
    def enforced(self) -> bool:
        """Whether there is a group."""
        return bool(self._folders)

    def enter(self) -> None:
        """Put the calling process into the group."""
        for folder in self._folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()), "ascii")

    def __enter__(self) -> Self:
        """Make the group, if this machine lets us."""
        try:
            self._make()
        except OSError:
            self._remove()
        if self.enforced:
            self.told = "enforced by a control group"
            self._sampler.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Count, and remove the group."""
        self._ended.set()
        if self.enforced:
            self._sampler.join()
            self.killed = self._kills()
        folders = self._folders.copy()
        self._remove()
        self._folders = folders

    def _make(self) -> None:
        if (_ROOT / "cgroup.controllers").exists():
            limits = {"": {"memory.max": self._memory, "cpu.max": f"{self._quota} {_PERIOD}"}}
        else:
            limits = {
                "memory": {"memory.limit_in_bytes": self._memory},
                "cpu": {"cpu.cfs_period_us": str(_PERIOD), "cpu.cfs_quota_us": self._quota},
            }
        for controller, files in limits.items():
            folder = _ROOT / controller / f"fanfold-lane-{os.getpid()}"
            folder.mkdir()
            self._folders.append(folder)
            for name, value in files.items():
                (folder / name).write_text(value, "ascii")

    def _remove(self) -> None:
        for folder in self._folders:
            with suppress(OSError):
                folder.rmdir()
        self._folders = []

    def _sample(self) -> None:
        while not self._ended.wait(_PAUSE):
            self.peak = max(self.peak, working_set(self._folders[0]))

    def _kills(self) -> int:
        old = self._folders[0] / "memory.oom_control"
        text = (old if old.exists() else old.with_name("memory.events")).read_text("ascii")
        found = re.search(r"^oom_kill (\d+)", text, re.MULTILINE)
        return int(found[1]) if found else 0
