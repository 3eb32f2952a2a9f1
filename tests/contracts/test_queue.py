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
