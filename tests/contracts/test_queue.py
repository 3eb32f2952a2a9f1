"""What every Queue must do."""

from __future__ import annotations


def test_everything_that_is_sent_arrives(queue):
    sender, take = queue
    bodies = [f'{{"v":1,"page":{n}}}' for n in range(25)]
    sender.send(iter(bodies), group="default")
    assert sorted(take()) == sorted(bodies)


def test_sending_nothing_sends_nothing(queue):
    sender, take = queue
    sender.send([], group="default")
    assert take() == []


def test_a_queue_says_how_many_messages_wait(queue):
    sender, take = queue
    assert sender.waiting() == 0
    sender.send(map(str, range(13)), group="default")
    assert sender.waiting() == 13
    take()
    assert sender.waiting() == 0
