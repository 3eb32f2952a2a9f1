"""One database for several processes, and for one version of the program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fanfold.bootstrap import SystemClock
from fanfold.disk.database import FORMAT, Database, NewerFormat
from fanfold.disk.queues import DiskQueue

_RECEIVE_ALL = """
import sys
from pathlib import Path
from fanfold.bootstrap import SystemClock
from fanfold.disk.database import Database
from fanfold.disk.queues import DiskQueue
queue = DiskQueue(Database(Path(sys.argv[1])), SystemClock(), "page")
for message in iter(queue.receive, None):
    print(message.body)
    queue.delete(message)
"""


def test_data_of_a_later_version_is_refused(tmp_path: Path):
    Database(tmp_path / "database").close()
    connection = sqlite3.connect(tmp_path / "database")
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(NewerFormat):
        Database(tmp_path / "database")


def test_several_processes_share_a_queue_and_none_gets_what_another_has(tmp_path: Path):
    path = tmp_path / "database"
    DiskQueue(Database(path), SystemClock(), "page").send(map(str, range(300)), group="default")
    command = [sys.executable, "-c", _RECEIVE_ALL, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=120)[0].split() for process in processes]
    assert sorted(int(body) for bodies in told for body in bodies) == list(range(300))
