"""Items that were written by earlier versions are read."""

from __future__ import annotations

from fanfold.aws import items
from fanfold.model import Shard


def test_a_heavy_mark_of_before_counts_as_old():
    item = {**items.shard_item(Shard("d", 0, 1, (1, 2))), "h1": "5f3a91bc", "h2": 1_774_000_000_000}
    assert items.shard_from(item).heavy == {1: 0, 2: 1_774_000_000_000}
