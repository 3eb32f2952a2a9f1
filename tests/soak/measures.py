"""What may leak, counted while the service runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """One look; sizes in MB, ``minutes`` since the beginning."""

    minutes: float
    service: float
    workers: float
    """The handlers' mean resident size; what they start comes and goes."""
    descriptors: int
    files: int
    """Files and folders in the place for temporary ones."""
    zombies: int


def look(minutes: float, temporary: Path) -> Sample:
    """Count now."""
    me = psutil.Process()
    family = me.children(recursive=True)
    sizes = [size for one in family if (size := _size_of_worker(one))]
    return Sample(
        minutes,
        me.memory_info().rss / _MEGABYTE,
        sum(sizes) / max(1, len(sizes)),
        me.num_fds(),
        sum(len(folders) + len(files) for _, folders, files in os.walk(temporary)),
        sum(1 for one in family if _is_zombie(one)),
    )


def workers() -> list[psutil.Process]:
    """Return the handlers' processes."""
    return [one for one in psutil.Process().children() if _size_of_worker(one)]


def _size_of_worker(process: psutil.Process) -> float:
    try:
        if "infra.local.worker" not in process.cmdline():
            return 0.0
        return process.memory_info().rss / _MEGABYTE
    except psutil.Error:
        return 0.0


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def growth(samples: Sequence[Sample], name: str) -> float:
    """Return by which share of its median a figure grows from the second third to the last."""
    values = [float(getattr(sample, name)) for sample in samples]
    third = len(values) // 3
    early, late = median(values[third : 2 * third]), median(values[2 * third :])
    return (late - early) / max(1.0, early)


def slope(samples: Sequence[Sample], name: str) -> float:
    """Return a figure's slope per minute behind the first third (least squares)."""
    rest = samples[len(samples) // 3 :]
    x = [sample.minutes for sample in rest]
    y = [float(getattr(sample, name)) for sample in rest]
    middle = sum(x) / len(x), sum(y) / len(y)
    above = sum((a - middle[0]) * (b - middle[1]) for a, b in zip(x, y, strict=True))
    return above / (sum((a - middle[0]) ** 2 for a in x) or 1.0)
