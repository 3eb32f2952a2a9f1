"""The heavy lane tries a page once, however often and by how many messages it is told to.

Who begins a page leaves the moment on the shard. A delivery that finds one cannot see whether
that worker still reads: queues may give a message out twice. Only when the lane's timeout has
passed since, the worker is dead for sure, and the page is given up instead of killing the next.
"""

from __future__ import annotations

from typing import Final

from fanfold.errors import Unavailable

LONGEST_SECONDS: Final = 6 * 60
"""How long after its beginning a page may still be under way in the heavy lane.

The lane's timeout in template.yaml, and a minute for clocks that differ."""


def is_over(begun: int, now: int, attempt: int, *, exclusive: bool) -> bool:
    """Return whether the worker that began a page at ``begun`` is dead; raise if nobody can tell.

    False on a first delivery: that is another message for the same page, and the one that began
    it answers for it. A later delivery may be a duplicate of the one that is being worked on; it
    raises Unavailable, so that it comes back when the answer is known. ``exclusive`` says that a
    message only ever comes back when its worker is dead.
    """
    if now - begun >= LONGEST_SECONDS * 1000:
        return True
    if attempt > 1 and not exclusive:
        raise Unavailable("Another worker may still be reading this page.")
    return attempt > 1
