"""Put blocks that were found by themselves among those of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from fanfold.model import Block
from fanfold.ocr.structure import downwards


def merged(known: Sequence[Block], added: Iterable[Block]) -> tuple[Block, ...]:
    """Put each of the blocks ``added`` behind the last known one of its column that ends above it.

    Where there is none, all those at the beginning that end above it come first.
    """
    behind: dict[int, list[Block]] = {}
    for block in added:
        behind.setdefault(_place(known, block), []).append(block)
    return downwards.settled(tuple(_woven(known, behind))) if behind else tuple(known)


def _woven(known: Sequence[Block], behind: dict[int, list[Block]]) -> Iterator[Block]:
    for place in range(len(known) + 1):
        if place:
            yield known[place - 1]
        yield from behind.get(place, ())


def _place(known: Sequence[Block], block: Block) -> int:
    middle = block.box.middle_y
    above = [
        number
        for number, one in enumerate(known, start=1)
        if one.box.y1 <= middle and one.box.across(block.box)
    ]
    return max(above, default=0) or sum(1 for _ in takewhile(lambda b: b.box.y1 <= middle, known))
