"""Queues feed functions as Lambda's event source mappings do."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import timedelta

import psutil
import pytest
from moto.core import utils

from tests.integration.rehearsal.conftest import until


def test_a_message_reaches_its_function_in_lambdas_shape_and_leaves_the_queue(start, aws, journal):
    cloud = start()
    there = aws(cloud)
    attributes = {
        "colour": {"DataType": "String", "StringValue": "blue"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    there.send('{"v": 1}', MessageAttributes=attributes, MessageGroupId="default")

    (entry,) = journal.wait()
    record = entry["record"]
    assert record["body"] == '{"v": 1}'
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:123456789012:fanfold-Queue"
    assert record["awsRegion"] == "us-east-1"
    assert record["md5OfBody"] == hashlib.md5(b'{"v": 1}').hexdigest()
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["MessageGroupId"] == "default"
    assert record["attributes"]["SentTimestamp"].isdecimal()
    assert record["messageAttributes"]["colour"]["stringValue"] == "blue"
    assert record["messageAttributes"]["bytes"]["binaryValue"] == "AP8="
    assert {"messageId", "receiptHandle"} <= record.keys()
    assert 15 < entry["seconds"] <= 20
    until(lambda: there.left() == 0)


def test_only_the_reported_messages_of_a_batch_come_back(start, aws, journal):
    cloud = start(Handler="fail_odd", BatchSize="10")
    there = aws(cloud)
    entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(6)]
    there.sqs.send_message_batch(QueueUrl=there.url("Queue"), Entries=entries)

    until(lambda: there.left() == 0)
    bodies = sorted(body for entry in journal.entries() for body in entry["bodies"])
    assert bodies == ["0", "1", "1", "2", "3", "3", "4", "5", "5"]
    assert there.left("Dead") == 0


def test_the_redrive_policy_decides_how_often_a_message_is_tried(start, aws, journal):
    cloud = start(Handler="raise_always", MaxReceives="2")
    there = aws(cloud)
    there.send("hopeless")

    (letter,) = there.receive("Dead")
    assert letter["Body"] == "hopeless"
    assert letter["Attributes"]["ApproximateReceiveCount"] == "1"
    assert journal.entries() == [{"counts": [1]}, {"counts": [2]}]


def test_a_higher_receive_count_in_the_template_means_more_tries(start, aws, journal):
    cloud = start(Handler="raise_always", MaxReceives="3")
    there = aws(cloud)
    there.send("hopeless")

    assert there.receive("Dead")
    assert journal.entries() == [{"counts": [1]}, {"counts": [2]}, {"counts": [3]}]


def test_a_function_is_killed_at_its_timeout_and_the_message_tried_again(start, aws, journal):
    cloud = start(Handler="nap", Timeout="1", MaxReceives="2")
    there = aws(cloud)
    there.send("slow")

    assert there.receive("Dead")
    assert journal.entries() == [{"began": 1}, {"began": 2}]


def test_a_longer_timeout_in_the_template_lets_it_finish(start, aws, journal):
    cloud = start(Handler="nap", Timeout="10", MaxReceives="2")
    there = aws(cloud)
    there.send("slow")

    until(lambda: there.left() == 0)
    assert journal.entries() == [{"began": 1}, {"ended": 1}]


def test_a_killed_worker_is_replaced_at_once_and_its_message_tried_again(start, aws, journal):
    cloud = start(Handler="die_first")
    there = aws(cloud)
    began = time.monotonic()
    there.send("deadly")

    first, second = journal.wait(2)
    assert (first["count"], second["count"]) == (1, 2)
    assert first["pid"] != second["pid"]
    assert time.monotonic() - began < 5  # the timeout is 20 s, the visibility timeout 120 s
    until(lambda: there.left() == 0)


def test_what_a_function_left_running_dies_with_it_at_the_timeout(start, aws, journal):
    cloud = start(Handler="leave_child", Timeout="1", MaxReceives="1")
    there = aws(cloud)
    there.send("hang")

    (entry,) = journal.wait()
    until(lambda: not psutil.pid_exists(entry["pid"]))
    until(lambda: not _runs(entry["child"]))
    assert there.receive("Dead")


def test_a_function_that_outgrows_its_memory_is_killed(start, aws, journal, tmp_path):
    cloud = start(Handler="hoard", Memory="128")
    there = aws(cloud)
    there.send("heavy")

    assert journal.wait(2) == [{"count": 1}, {"count": 2}]
    assert "out of memory" in (tmp_path / "cloud.log").read_text()


def test_a_second_worker_comes_where_the_first_is_busy(start, aws, journal):
    cloud = start(Handler="nap", workers=2)
    there = aws(cloud)
    there.send("one")
    there.send("two")

    assert journal.wait(2) == [{"began": 1}, {"began": 1}]


def _runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_function_sees_lambdas_world_and_nothing_of_the_users(start, aws, journal, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("SECRET_OF_MINE", "real")
    cloud = start(Handler="surroundings", Memory="256")
    there = aws(cloud)
    there.send("look")

    (seen,) = journal.wait()
    environment = seen["environment"]
    assert "real" not in environment.values()
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_ENDPOINT_URL"] == cloud.aws_url
    assert environment["AWS_CONFIG_FILE"] == os.devnull
    assert environment["QUEUE_URL"] == there.url("Queue")
    assert seen["name"] == environment["AWS_LAMBDA_FUNCTION_NAME"] == "fanfold-Worker"
    assert seen["memory"] == environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert seen["arn"] == "arn:aws:lambda:us-east-1:123456789012:function:fanfold-Worker"
    assert len(seen["request"]) == 36
    cloud.stop()
    assert not os.path.exists(seen["temporary"])  # noqa: PTH110 - a path as text


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_neither_hides_messages_nor_gives_them_out_twice(
    start, aws, monkeypatch, hours
):
    there = aws(start())
    there.send("before", "Dead")
    (first,) = there.receive("Dead")
    there.send("waiting", "Dead")
    before = utils.utcnow

    monkeypatch.setattr(utils, "utcnow", lambda: before() + timedelta(hours=hours))

    (second,) = there.receive("Dead", seconds=2)
    assert (first["Body"], second["Body"]) == ("before", "waiting")
    assert there.receive("Dead", seconds=1) == []
