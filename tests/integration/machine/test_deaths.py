"""A part of what `make chaos` plays with 500 documents."""

from __future__ import annotations

from tests.chaos.deaths import Wish, play


def test_no_document_is_lost_twice_or_stuck_whoever_dies(tmp_path):
    assert play(Wish(documents=15, kills=3, restarts=2), tmp_path) == []
