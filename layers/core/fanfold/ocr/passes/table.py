"""All passes over what was read of a page, each where those before it leave a reason.

The table is read from top to bottom. What was read stands whatever becomes of a pass that looks at
the page again: it may run out of memory or time. ``python -m bench.passes`` prints what each buys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from fanfold.errors import PageError
from fanfold.ocr.isolation.task import Stopwatch
from fanfold.ocr.passes import (
    cells,
    corrections,
    doubtful,
    large_writing,
    leaders,
    places,
    second_reader,
    small_print,
    unread_ink,
)
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture import grids
from fanfold.ocr.recognise.reading import Reading


@dataclass(frozen=True, slots=True)
class Pass:
    """One row of the table: ``run`` where ``when`` holds; ``looks`` if it recognises again.

    ``alone`` is for pages that only one has read: the second reader makes such a pass superfluous.
    """

    name: str
    when: Callable[[Reading], bool]
    run: Callable[[Reading, Means], Reading]
    looks: bool = False
    alone: bool = False


def _always(found: Reading) -> bool:
    return bool(found.rows)


def _ruled(found: Reading, _means: Means) -> Reading:
    return replace(found, grids=grids.look(found.drawing))


PASSES = (
    Pass("second-reader", lambda _: True, second_reader.reread),
    Pass("leaders", leaders.wanted, leaders.reread, looks=True, alone=True),
    Pass("small-print", small_print.wanted, small_print.reread, looks=True, alone=True),
    Pass("doubtful", doubtful.wanted, doubtful.reread, looks=True, alone=True),
    Pass("grids", lambda _: True, _ruled),
    Pass("cells", cells.wanted, cells.reread, looks=True, alone=True),
    Pass("unread-ink", unread_ink.wanted, unread_ink.reread, looks=True, alone=True),
    Pass("large-writing", large_writing.wanted, large_writing.reread, looks=True, alone=True),
    Pass("noise", _always, corrections.without_noise),
    Pass("run-together", corrections.run_together, corrections.parted),
    Pass("places", lambda _: True, places.reread, looks=True),
)
PASS_NAMES = tuple(each.name for each in PASSES)
LOOKS = tuple(each.name for each in PASSES if each.looks)


def passed(
    found: Reading, means: Means, watch: Stopwatch, without: Collection[str] = ()
) -> Reading:
    """Return ``found`` after all passes but those named in ``without``.

    ``watch`` times those that looked again or changed something.
    """
    for each in PASSES:
        if each.name in without or (each.alone and len(found.readers) > 1) or not each.when(found):
            continue
        before = found
        with watch.lap(each.name), suppress(PageError):
            found = each.run(found, means)
        if not each.looks and found == before:
            del watch.laps[each.name]
    return found
