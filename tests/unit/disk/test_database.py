"""One database for several processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from fanfold.bootstrap import SystemClock
from fanfold.disk.database import Database
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


def test_several_processes_share_a_queue_and_none_gets_what_another_has(tmp_path: Path):
    path = tmp_path / "database"
    DiskQueue(Database(path), SystemClock(), "page").send(map(str, range(300)), group="default")
    command = [sys.executable, "-c", _RECEIVE_ALL, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=120)[0].split() for process in processes]
    assert sorted(int(body) for bodies in told for body in bodies) == list(range(300))
