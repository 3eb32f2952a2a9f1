"""All passes over what was read of a page, each where those before it leave a reason.

The table is read from top to bottom. What was read stands whatever becomes of a pass that looks at
the page again: it may run out of memory or time. ``python -m bench.passes`` prints what each buys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from fanfold.errors import PageError
from fanfold.ocr.isolation.task import Stopwatch
from fanfold.ocr.passes import (
    cells,
    corrections,
    doubtful,
    dust,
    ellipses,
    large_writing,
    small_print,
    unread_ink,
)
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture import grids
from fanfold.ocr.recognise.reading import Reading


@dataclass(frozen=True, slots=True)
class Pass:
    """One row of the table: ``run`` where ``when`` holds."""

    name: str
    when: Callable[[Reading], bool]
    run: Callable[[Reading, Means], Reading]


def _always(found: Reading) -> bool:
    return bool(found.rows)


def _ruled(found: Reading, _means: Means) -> Reading:
    return replace(found, grids=grids.look(found.drawing))


PASSES = (
    Pass("small-print", small_print.wanted, small_print.reread),
    Pass("doubtful", doubtful.wanted, doubtful.reread),
    Pass("grids", lambda _: True, _ruled),
    Pass("cells", cells.wanted, cells.reread),
    Pass("unread-ink", unread_ink.wanted, unread_ink.reread),
    Pass("large-writing", large_writing.wanted, large_writing.reread),
    Pass("noise", _always, corrections.without_noise),
    Pass("run-together", corrections.run_together, corrections.parted),
    Pass("marks", _always, dust.completed),
    Pass("ellipses", lambda _: True, ellipses.completed),
)
NAMES = tuple(each.name for each in PASSES)


def passed(
    found: Reading, means: Means, watch: Stopwatch, without: Collection[str] = ()
) -> Reading:
    """Return ``found`` after all passes but those named in ``without``, each timed by ``watch``."""
    for each in PASSES:
        if each.name in without or not each.when(found):
            continue
        with watch.lap(each.name):
            try:
                found = each.run(found, means)
            except PageError:
                continue
    return found
