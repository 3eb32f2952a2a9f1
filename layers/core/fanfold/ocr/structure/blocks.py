"""From words to blocks in reading order, step by step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from fanfold.model import Block
from fanfold.ocr.isolation.task import Stopwatch
from fanfold.ocr.structure import aligned_tables, columns, downwards, labels

Step = Callable[[Sequence[Block]], tuple[Block, ...]]

STRUCTURE_STEPS: tuple[tuple[str, Step], ...] = (
    ("columns", columns.parted),
    ("aligned-tables", aligned_tables.tables),
    ("labels", labels.paired),
    ("downwards", downwards.settled),
)
"""What is done to a page's blocks, in this order, whoever read them."""

STEP_NAMES = tuple(name for name, _ in STRUCTURE_STEPS)


def ordered(
    blocks: Iterable[Block], watch: Stopwatch, without: Collection[str] = ()
) -> tuple[Block, ...]:
    """Return blocks after all steps but those named in ``without``.

    ``watch`` times those that changed something.
    """
    found = tuple(blocks)
    for name, step in STRUCTURE_STEPS:
        if name in without:
            continue
        before = found
        with watch.lap(name):
            found = step(found)
        if found == before:
            del watch.laps[name]
    return found
