"""Deliveries that Lambda refused are counted by the queue and begin nothing."""

from __future__ import annotations

import pytest

from fanfold.model import State
from tests.fakes.house import House


def test_a_page_that_was_refused_many_times_is_read_in_its_own_lane(house: House):
    """The first nineteen deliveries never came to a worker."""
    event, body = house.page_message()
    house.read(body, attempt=20)
    assert house.heavy_queue.take() == []
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


@pytest.mark.parametrize(("killing", "last"), [([1, 2, 3], 4), ([9], 14), ([2, 5], 6)])
def test_a_page_that_kills_its_workers_goes_to_the_heavy_lane(
    house: House, killing: list[int], last: int, monkeypatch: pytest.MonkeyPatch
):
    """After three at most; deliveries that are not named were refused."""
    event, body = house.page_message()
    with monkeypatch.context() as patched:
        patched.setattr(house.reader, "read", _die)
        for attempt in killing:
            assert house.heavy_queue.take() == []
            with pytest.raises(SystemExit):
                house.read(body, attempt)
        house.read(body, last)
    assert house.heavy_queue.take() == [body]
    house.read(body, 1, heavy=True)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_no_note_is_left_by_a_page_that_was_read(house: House):
    event, body = house.page_message()
    house.read(body, attempt=1)
    assert house.store.shard(house.document(event).id, 0).tried == {}


def test_a_note_goes_with_the_page_and_with_the_run(house: House):
    event, body = house.page_message()
    house.read(body, attempt=7)
    assert house.store.shard(house.document(event).id, 0).tried == {}


def _die(*_: object) -> None:
    raise SystemExit
