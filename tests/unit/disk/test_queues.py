"""What queues on disk do beyond the port: deliver, count, give up, and be fair."""

from __future__ import annotations

import pytest

from fanfold.disk.database import Database
from fanfold.disk.queues import DiskQueue, in_work
from fanfold.messages import PageMessage, decode, encode
from tests.fakes.world import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database() -> Database:
    return Database(None)


@pytest.fixture
def queue(database: Database, clock: FakeClock) -> DiskQueue:
    return DiskQueue(database, clock, "page", visibility=60, maximum_receives=2, dead="page-dead")


def test_who_receives_a_message_has_it_until_its_time_is_over(queue: DiskQueue, clock: FakeClock):
    queue.send(["one"], group="default")
    first = queue.receive()
    assert first and (first.body, first.receives) == ("one", 1)
    assert queue.receive() is None
    clock.pass_seconds(60)
    again = queue.receive()
    assert again and (again.body, again.receives) == ("one", 2)
    queue.delete(first)  # too late: another has it
    clock.pass_seconds(59)
    queue.delete(again)
    clock.pass_seconds(60)
    assert queue.receive() is None


def test_what_was_delivered_too_often_goes_to_the_queue_behind_with_its_count(
    queue: DiskQueue, database: Database, clock: FakeClock
):
    queue.send(["one"], group="default")
    for _ in range(2):
        message = queue.receive()
        assert message
        queue.release(message)
    assert queue.receive() is None
    dead = DiskQueue(database, clock, "page-dead").receive()
    assert dead and (dead.body, dead.receives) == ("one", 3)


def test_a_released_message_comes_again_after_the_pause(queue: DiskQueue, clock: FakeClock):
    queue.send(["one"], group="default")
    message = queue.receive()
    assert message
    queue.release(message, 5)
    assert queue.receive() is None
    clock.pass_seconds(5)
    assert queue.receive()


def test_a_tenant_with_few_messages_does_not_wait_for_one_with_many(queue: DiskQueue):
    queue.send((f"large {n}" for n in range(100)), group="large")
    queue.send(["small 0", "small 1"], group="small")
    bodies = [message.body for message in iter(queue.receive, None)]
    assert {"small 0", "small 1"} <= set(bodies[:5])
    assert len(bodies) == 102


def page(document: int, number: int) -> str:
    return encode(PageMessage(f"{document:032x}", 1, number))


def received(queue: DiskQueue) -> list[tuple[int, int]]:
    """Take everything, as one worker does; return documents and pages in the order they came."""
    found = []
    while message := queue.receive():
        told = decode(PageMessage, message.body)
        found.append((int(told.document, 16), told.page))
        queue.delete(message)
    return found


def test_a_document_of_one_page_does_not_wait_for_one_of_a_thousand(queue: DiskQueue):
    for first in range(1, 1001, 100):  # by shards
        queue.send((page(1, n) for n in range(first, first + 100)), group="1")
    for _ in range(300):
        read = queue.receive()
        assert read
        queue.delete(read)
    queue.send([page(2, 1)], group="2")
    assert (2, 1) in received(queue)[:3]


def test_documents_take_turns_each_in_the_order_of_its_pages(queue: DiskQueue):
    for document in (1, 2, 3):
        queue.send((page(document, n) for n in range(1, 4)), group=str(document))
    found = received(queue)
    for document in (1, 2, 3):
        assert [n for d, n in found if d == document] == [1, 2, 3]
    assert {d for d, _ in found[:4]} == {1, 2, 3}


def test_ever_new_short_documents_do_not_stop_a_long_one(queue: DiskQueue):
    queue.send((page(1, n) for n in range(1, 21)), group="1")
    long = 0
    for new in range(2, 42):
        queue.send([page(new, 1)], group=str(new))
        message = queue.receive()
        assert message
        long += decode(PageMessage, message.body).document == f"{1:032x}"
        queue.delete(message)
    assert long >= 8


def test_messages_of_one_tenant_come_in_the_order_they_were_sent(queue: DiskQueue):
    queue.send(map(str, range(20)), group="default")
    assert [message.body for message in iter(queue.receive, None)] == list(map(str, range(20)))


def test_queues_of_one_database_do_not_mix(database: Database, clock: FakeClock):
    one, other = (DiskQueue(database, clock, name) for name in ("split", "assemble"))
    one.send(["one"], group="default")
    assert (one.waiting(), other.waiting()) == (1, 0)
    assert other.receive() is None


def test_workers_have_work_from_its_receipt_to_its_end(
    queue: DiskQueue, database: Database, clock: FakeClock
):
    queue.send(["one", "two", "three"], group="default")
    done, given_back, _ = (queue.receive(name) for name in ("first", "second", "third"))
    assert done and given_back
    assert in_work(database, clock) == {"first", "second", "third"}
    queue.delete(done)
    queue.release(given_back, 5)
    assert in_work(database, clock) == {"third"}
    clock.pass_seconds(60)
    assert in_work(database, clock) == set()
