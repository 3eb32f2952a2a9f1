"""The cloud starts whole and ends whole, however it ends."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from infra.http.serving import PortBusy
from infra.rehearsal.aws import AlreadyRunning
from infra.rehearsal.cloud import Cloud
from infra.rehearsal.process import InvocationFailed
from infra.rehearsal.schedules import Timer
from infra.template.intrinsics import TemplateError
from infra.template.names import Place
from infra.template.wiring import Schedule
from tests.integration.rehearsal.conftest import MINI, Journal, until

ROOT = Path(__file__).resolve().parents[3]
HOST = """
import resource
import sys
from pathlib import Path
from infra.rehearsal.clients import Clients
from infra.rehearsal.cloud import Cloud
from infra.template.names import Place

template, journal, handler, port, largest, *bodies = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
parameters = {"Journal": journal, "Handler": handler}
log = Path(journal).with_suffix(".log")
with Cloud(Path(template), parameters, workers=1, log=log, api_port=int(port)) as cloud:
    sqs = Clients(Place(cloud.aws_url)).sqs()
    url = sqs.get_queue_url(QueueName="fanfold-Queue")["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    cloud.wait()
"""


@pytest.fixture
def host(tmp_path):
    """Run a cloud in a process of its own; everything it started is gone at the end."""
    running = []
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def run(handler, *bodies, journal="journal.jsonl", port=0, largest=1 << 30):
        wish = [handler, str(port), str(largest), *(bodies or ["go"])]
        command = [sys.executable, "-c", HOST, str(MINI), str(tmp_path / journal), *wish]
        environment = {**os.environ, "TMPDIR": str(scratch)}
        running.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env=environment))
        return running[-1]

    yield run
    for process in running:
        with process:
            process.kill()


def signal_once_caught(process, number):
    """Signal a host that is in ``Cloud.wait``: its handler of SIGTERM is the last thing set there.

    What a function wrote down may be read before ``send_message`` has returned in the host.
    """
    until(lambda: _catches_sigterm(process.pid))
    process.send_signal(number)


def _catches_sigterm(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    (caught,) = re.findall(r"^SigCgt:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return int(caught, 16) >> (signal.SIGTERM - 1) & 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("handler", ["leave_child", "stubborn"])
def test_nothing_outlives_the_cloud(host, tmp_path, number, handler):
    process = host(handler)
    (entry,) = Journal(tmp_path / "journal.jsonl").wait()
    family = psutil.Process(process.pid).children(recursive=True)
    assert {entry["pid"], entry["child"]} <= {member.pid for member in family}

    signal_once_caught(process, number)

    _, said = process.communicate(timeout=60)
    assert process.returncode == (0 if number != signal.SIGKILL else -signal.SIGKILL)
    assert said == b""
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    assert list((tmp_path / "scratch").iterdir()) == []


def test_two_clouds_that_start_at_once_work_side_by_side(host, tmp_path):
    both = {name: host("note", journal=f"{name}.jsonl") for name in ("one", "other")}
    for name, process in both.items():
        Journal(tmp_path / f"{name}.jsonl").wait()
        signal_once_caught(process, signal.SIGINT)
        assert process.communicate(timeout=60) == (None, b"")


def test_of_two_that_want_the_same_port_at_once_one_says_that_it_is_taken(host, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    both = {name: host("note", journal=f"{name}.jsonl", port=port) for name in ("one", "other")}
    loser = until(lambda: next((n for n, one in both.items() if one.poll() is not None), None))
    _, said = both[loser].communicate()
    assert f"The port {port} is used by another program." in said.decode()
    (winner,) = both.keys() - {loser}
    Journal(tmp_path / f"{winner}.jsonl").wait()


def test_a_worker_that_finds_the_disk_full_fails_alone(host, tmp_path):
    process = host("fill", "1000000", "10", largest=100_000)
    entries = Journal(tmp_path / "journal.jsonl").wait(4)
    assert [one["written"] for one in entries if "written" in one] == [10]
    assert {one["errno"] for one in entries if "errno" in one} == {errno.EFBIG}
    signal_once_caught(process, signal.SIGINT)
    assert process.communicate(timeout=60) == (None, b"")
    assert list((tmp_path / "scratch").iterdir()) == []


def test_an_idle_worker_that_dies_is_replaced(start, aws, journal):
    cloud = start()
    there = aws(cloud)
    there.send("one")
    (first,) = journal.wait()
    until(lambda: not cloud.pools["fanfold-Worker"].busy())
    os.kill(first["pid"], signal.SIGKILL)
    until(lambda: not psutil.pid_exists(first["pid"]) or _dead(first["pid"]))
    there.send("two")

    _, second = journal.wait(2)
    assert second["pid"] != first["pid"]
    assert second["record"]["attributes"]["ApproximateReceiveCount"] == "1"


def _dead(pid):
    return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        parameters = {"Journal": "x"}
        with (
            pytest.raises(PortBusy, match=str(port)),
            Cloud(MINI, parameters, api_port=port, log=tmp_path / "log"),
        ):
            pass


def test_a_second_cloud_in_one_process_is_refused(start, tmp_path):
    start()
    with (
        pytest.raises(AlreadyRunning),
        Cloud(MINI, {"Journal": "x"}, workers=1, log=tmp_path / "other"),
    ):
        pass


def test_a_cloud_starts_empty_after_another(start, aws):
    first = start()
    aws(first).s3.put_object(Bucket=first.bucket, Key="left", Body=b"x")
    first.stop()
    second = start()
    assert "Contents" not in aws(second).s3.list_objects_v2(Bucket=second.bucket)


def test_the_addresses_come_from_the_template(start):
    cloud = start()
    assert cloud.bucket == "fanfold-bucket"
    assert cloud.table == "fanfold-Table"
    assert cloud.inbox_uri == "s3://fanfold-bucket/inbox/"


def test_a_handler_that_cannot_be_imported_fails_each_invocation(start, tmp_path):
    cloud = start(Handler="nowhere")
    with pytest.raises(InvocationFailed, match="nowhere"):
        cloud.pools["fanfold-Worker"].invoke({})
    assert "AttributeError" in (tmp_path / "cloud.log").read_text()


def test_a_function_is_woken_by_the_clock(start, journal):
    cloud = start(Handler="surroundings")
    schedule = Schedule("fanfold-Worker", "Clock", "arn:clock", 0.1, None, scheduler=False)
    timer = Timer(schedule, cloud.pools["fanfold-Worker"], Place(cloud.aws_url))
    timer.start()
    journal.wait(2)
    timer.stop()


def test_a_template_that_is_not_understood_leaves_nothing_behind(tmp_path, start):
    strange = tmp_path / "strange.yaml"
    strange.write_text(MINI.read_text().replace("AWS::Events::Rule", "AWS::Kinesis::Stream"))
    with pytest.raises(TemplateError, match="Arrivals: AWS::Kinesis::Stream"):
        start(strange)
    start()


def test_a_worker_that_cannot_start_fails_its_invocation_and_the_next_one_works(start, monkeypatch):
    cloud = start(Handler="surroundings")
    pool = cloud.pools["fanfold-Worker"]
    (victim,) = until(lambda: tuple(pool._idle))
    victim.kill()
    until(lambda: not victim.alive)
    with monkeypatch.context() as full:
        full.setattr(tempfile, "mkdtemp", _no_space)
        with pytest.raises(InvocationFailed, match="no worker can be started"):
            pool.invoke({})
    assert pool.invoke({}) is None


def _no_space(**_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_an_idle_worker_that_dies_leaves_no_zombie(start):
    cloud = start(Handler="surroundings")
    pool = cloud.pools["fanfold-Worker"]
    (victim,) = until(lambda: tuple(pool._idle))
    os.kill(victim.pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(victim.pid))
    assert victim not in pool._idle
