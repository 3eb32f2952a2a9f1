"""Run a function in a fork of this process, so that its crash and its memory are its own."""

from __future__ import annotations

import math
import os
import resource
import sys
import traceback
from collections.abc import Callable
from typing import NamedTuple, NoReturn

MAXIMUM_COMPLAINT = 4096
"""Maximum of bytes kept of complaints; a page of noise can make libraries say megabytes."""

_FAILED = 1
"""Exit status of work that raised."""


class End(NamedTuple):
    """How work ended: ``status`` as in ``subprocess``, and the first words it wrote to stderr."""

    status: int
    words: str


def spent() -> float:
    """Return the CPU seconds of this process and of all that it has waited for."""
    return sum(os.times()[:4])


def run(work: Callable[[], None], seconds: float = math.inf) -> End:
    """Run ``work`` and wait for its end; what it raises ends it with a status of 1.

    After so many ``seconds`` of CPU, rounded up to whole ones, SIGXCPU ends it.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(work, writing, seconds)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        words = stream.read(MAXIMUM_COMPLAINT)
        while stream.read(MAXIMUM_COMPLAINT):
            pass
    _, status = os.waitpid(pid, 0)
    return End(os.waitstatus_to_exitcode(status), words.decode("utf-8", "replace"))


def _become(work: Callable[[], None], stderr: int, seconds: float) -> NoReturn:
    status = _FAILED
    try:
        if seconds < math.inf:
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            most = math.ceil(seconds)
            soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
        os.dup2(stderr, 2)
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:  # whatever happens, never return into the caller's code
        os._exit(status)
