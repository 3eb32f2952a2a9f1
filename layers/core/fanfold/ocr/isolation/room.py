"""Whether this process may take so much more memory, as its limit on address space says."""

from __future__ import annotations

import mmap


def holds(size: int) -> bool:
    """Return whether ``size`` bytes of address space are left; none of them is kept or touched."""
    try:
        mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except OSError:
        return False
    return True
