"""A seed's choice of hostile inputs through the real flow; `make hostile` takes all."""

from __future__ import annotations

import socket
from random import Random

import pytest

from tests.data import pdfs
from tests.hostile import campaign, catalogue, lures, service
from tests.hostile.mutants import mutant
from tests.hostile.registry import INPUTS

SEED = 7
SECONDS = 2.0
"""For each child: what hangs is not waited for longer in a test."""


def wrong(endings):
    return {ending.name: ending.wrong for ending in endings if ending.wrong}


def test_hostile_files_end_typed_and_leave_nothing(capsys):
    chosen = catalogue.some(SEED, directed=15, mutants=15)
    outward = [one for one in INPUTS.values() if one.points_out and one not in chosen]

    endings, peak = campaign.play([*chosen, *outward[::2]], SECONDS)

    assert wrong(endings) == {}
    with capsys.disabled():
        print(f" [seed {SEED}, {len(endings)} inputs, peak {peak >> 20} MB]", end="")


@pytest.mark.timeout(1200)  # a machine that does much else takes a minute for each
def test_a_running_service_ends_them_typed_and_betrays_nothing():
    outward = [one for one in INPUTS.values() if one.points_out]
    chosen = [*Random(SEED).sample(outward, 2), *catalogue.some(SEED, directed=1, mutants=1)]

    assert wrong(service.play(chosen, 5 * SECONDS)) == {}


def test_a_mutant_is_the_same_every_time():
    assert mutant(1, 5).make(None) == mutant(1, 5).make(None)
    assert len({mutant(1, number).make(None) for number in range(50)}) > 45


@pytest.fixture
def bait(tmp_path):
    with lures.set_out(tmp_path / "canaries") as (bait, listener):
        yield bait, listener


def test_who_opens_a_canary_is_noticed(bait):
    canaries, _ = bait
    assert lures.opened(canaries) == []
    canaries.text.read_text()
    assert lures.opened(canaries) == ["canary.txt"]


def test_who_says_a_canarys_words_is_noticed(bait):
    canaries, _ = bait
    assert lures.said(canaries, canaries.text.read_bytes())
    assert not lures.said(canaries, pdfs.save(pdfs.typed(("Beware of the tide",))))


def test_who_calls_is_noticed(bait):
    _, listener = bait
    host, port = listener.url.removeprefix("http://").split(":")
    socket.create_connection((host, int(port))).close()
    assert (listener.connections(), listener.connections()) == (1, 0)
