"""The zygote: a small, clean process that forks one child per job.

A program (``python -m fanfold.ocr.isolation.zygote FD``), started by ``sandbox`` with an
environment that holds no secrets. It talks JSON lines over the socket FD:

    → {"import": "fanfold.ocr.page", "arguments": {…}}     load a module before it is needed, and
                                                           what a job with these will need
    → {"ready": true}                                      ← the same, once what was asked for
                                                           before is loaded
    → {"function": "fanfold.ocr.page:read", "arguments": {…}, "folder": "/tmp/…",
       "seconds": 55, "memory_bytes": …, "file_bytes": …,  run it in a fresh child; with "prepare"
       "prepare": true, "reads": [paths], "writes": […]}   what it needs is loaded before the fork
    ← {"child": 4711}                                      its process group, to be killed if we die
    ← {"status": 0, "signal": 0, "timeout": false, "cpu": 812, "peak": 61440, "length": 9000}
      and ``length`` bytes: the child's own JSON answer    (cpu in ms, peak resident set in KiB)

Forking an interpreter that has everything loaded costs some 3 ms; starting one costs 100. When
the other end goes away, the running child's group is killed and the zygote ends: no orphans.
What a child starts in sessions of its own becomes the zygote's child when its parents end (Linux),
and is killed before the child's end is reported.
Nothing here parses a document before the fork.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol

from fanfold.ocr.isolation import calls, child, walls

MAXIMUM_ANSWER = 8 * 1024 * 1024
"""Maximum of bytes of one answer: a page of 50,000 words."""

_CHUNK = 65_536
"""Bytes read at once: what a pipe of Linux holds."""

_MAXIMUM_ROUNDS = 64
"""Maximum of times that strays are looked for: each may have started others meanwhile."""


class Stream(Protocol):
    """The writing side of the control socket."""

    def write(self, data: bytes, /) -> int | None:
        """Buffer ``data``."""

    def flush(self) -> None:
        """Send what is buffered."""


class _End(NamedTuple):
    """How a child's answer ended: all of it, or cut off by the clock or by its length."""

    answer: bytes
    timeout: bool = False


class _Gone(Exception):
    """The other end of the control socket went away."""


def serve(control: socket.socket) -> None:
    """Run jobs until the other end closes the socket."""
    stream = control.makefile("rwb")
    while line := stream.readline():
        order = json.loads(line)
        if "ready" in order:
            _send(stream, order)
            continue
        name = str(order.get("import") or order["function"].partition(":")[0])
        if name not in child.MODULES:
            raise ValueError(f"{name} is not a module for children")
        module = importlib.import_module(name)
        if order.get("prepare"):
            module.prepare(**order["arguments"])
        if "function" in order:
            try:
                _run(order, control, stream)
            except _Gone:
                return


def _run(job: dict[str, Any], control: socket.socket, stream: Stream) -> None:
    reading, writing = os.pipe()
    gc.freeze()  # keep the collector from copying shared pages in the child
    pid = os.fork()
    if pid == 0:
        _become_child(job, control, reading, writing)
    os.close(writing)
    _send(stream, {"child": pid})
    try:
        end = _wait(control, reading, float(job["seconds"]))
    finally:
        os.close(reading)
        status, usage = _reap(pid)
    report = {
        "status": os.waitstatus_to_exitcode(status),
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "timeout": end.timeout,
        "cpu": round((usage.ru_utime + usage.ru_stime) * 1000),
        "peak": usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1),
        "length": len(end.answer),
    }
    _send(stream, report, end.answer)


def _become_child(
    job: dict[str, Any], control: socket.socket, reading: int, writing: int
) -> NoReturn:
    status = child.CRASHED
    gc.enable()
    try:
        os.close(control.fileno())  # close() would wait for the stream to be closed, too
        os.close(reading)
        status = child.run(job, writing)
    finally:
        os._exit(status)  # whatever happens, never return into the zygote's loop


def _wait(control: socket.socket, reading: int, seconds: float) -> _End:
    """Collect the answer until the child closes its end (by ending), the clock or the bound."""
    deadline = time.monotonic() + seconds
    answer = bytearray()
    while len(answer) <= MAXIMUM_ANSWER:
        left = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([reading, control.fileno()], [], [], left)
        if not ready:
            return _End(b"", timeout=True)
        if control.fileno() in ready:
            raise _Gone
        chunk = os.read(reading, _CHUNK)
        if not chunk:
            return _End(bytes(answer))
        answer += chunk
    return _End(b"")


def _reap(pid: int) -> tuple[int, Any]:
    """Kill whatever is left of the child's group; return its status and resource usage.

    A child that ended by itself has its exit status before its end of the pipe is closed, so the
    kill changes nothing about it. The first kill is for a child that has no group of its own yet.
    """
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    _end_strays()
    return status, usage


def _end_strays() -> None:
    """Kill what left the child's group, and what that started."""
    with contextlib.suppress(ChildProcessError):  # there is none: as nearly always
        for _ in range(_MAXIMUM_ROUNDS):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            for pid in _children():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)


def _children() -> list[int]:
    """Return the processes whose parent this one is."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            _, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
            found += [int(path.parent.name)] if int(parent) == os.getpid() else []
    return found


def _send(stream: Stream, report: dict[str, Any], payload: bytes = b"") -> None:
    with contextlib.suppress(BrokenPipeError):
        stream.write(json.dumps(report).encode() + b"\n" + payload)
        stream.flush()


if __name__ == "__main__":
    gc.disable()  # modules are no garbage: looking for some among them took a tenth of loading
    walls.adopt_strays()
    walls.leave_network()
    walls.give_up_privileges()
    calls.refuse_ways_out()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with contextlib.suppress(ConnectionResetError):  # the other end died with words unread
        serve(socket.socket(fileno=int(sys.argv[1])))
    os._exit(0)  # without destructors: libtesseract complains of models that are still loaded
