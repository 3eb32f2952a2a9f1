"""How much more memory this process may take, as its limit on address space says."""

from __future__ import annotations

import math
import resource
from pathlib import Path

_SIZES = Path("/proc/self/statm")
"""Pages of memory by kind; the first number is the whole address space."""


def left() -> float:
    """Return the bytes of address space that may still be taken; infinity without a limit."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY or not _SIZES.exists():
        return math.inf
    taken = int(_SIZES.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    return float(limit - taken)
