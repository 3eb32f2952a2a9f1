"""The runner's side of one worker process: start, invoke, notice its death, kill."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any

import psutil

from infra import ROOT
from infra.template.wiring import Function

INIT_SECONDS = 60.0
"""Maximum of a worker's init phase. Lambda gives 10 s, on a machine that does nothing else."""
_LOOK_SECONDS = 0.25
_GOODBYE_SECONDS = 1.0
_CHUNK = 1 << 16


class InvocationFailed(Exception):
    """The function raised, took too long or died; ``kind`` as Lambda names it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind


class Worker:
    """One worker process. Not for more than one thread at a time, but for ``kill``."""

    def __init__(self, function: Function, environment: Mapping[str, str], log: int) -> None:
        self.function = function
        self.known: frozenset[psutil.Process] = frozenset()
        """Processes that were seen below this one; they may outlive it in sessions of their own."""
        self.verdict: str | None = None
        """Why it was killed from outside, if it was."""
        self._ready = False
        self._received = b""
        self._scratch = tempfile.mkdtemp(prefix=f"{function.id}-")
        self._link, theirs = socket.socketpair()
        with theirs, ExitStack() as undo:
            undo.callback(shutil.rmtree, self._scratch, ignore_errors=True)
            undo.callback(self._link.close)
            self._process = subprocess.Popen(
                _command(function.handler, theirs.fileno(), self._scratch),
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
            undo.pop_all()
        self.pid = self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def wait_ready(self) -> None:
        """Wait for the end of the init phase; raise InvocationFailed if it failed."""
        if not self._ready:
            answer = self._answer(time.monotonic() + INIT_SECONDS, "Init")
            if "error" in answer:
                self.kill()
                raise _reported(answer["error"])
            self._ready = True

    def invoke(self, event: object) -> Any:  # noqa: ANN401 - whatever the handler returns
        """Run one invocation; raise InvocationFailed. After a timeout the process is dead."""
        self.wait_ready()
        request = {
            "id": str(uuid.uuid4()),
            "arn": self.function.arn,
            "seconds": self.function.timeout,
            "event": event,
        }
        deadline = time.monotonic() + self.function.timeout
        try:
            self._link.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise self._died() from error
        answer = self._answer(deadline, "Task")
        if "error" in answer:
            raise _reported(answer["error"])
        return json.loads(answer["payload"])

    def _answer(self, deadline: float, what: str) -> dict[str, Any]:
        """Read one line before ``deadline``; the process's end is noticed while waiting."""
        while b"\n" not in self._received:
            left = deadline - time.monotonic()
            if left <= 0:
                self.kill()
                raise InvocationFailed("Sandbox.Timedout", f"{what} timed out")
            readable, _, _ = select.select([self._link], [], [], min(left, _LOOK_SECONDS))
            if readable:
                part = self._receive()
                if not part:
                    raise self._died()
                self._received += part
            elif not self.alive:
                raise self._died()
        line, _, self._received = self._received.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _receive(self) -> bytes:
        try:
            return self._link.recv(_CHUNK)
        except ConnectionError:
            return b""

    def _died(self) -> InvocationFailed:
        self.kill()
        status = self._process.returncode
        cause = self.verdict or (f"signal {-status}" if status < 0 else f"exit status {status}")
        return InvocationFailed("Runtime.ExitError", f"the worker ended with {cause}")

    def kill(self, verdict: str | None = None) -> None:
        """Kill the process, its group and all that is known to descend from it."""
        self.verdict = self.verdict or verdict
        descendants = self.known | below(self.pid)
        for process in self.known:  # what was left behind goes on starting others
            descendants |= below(process.pid)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        for process in descendants:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def dismiss(self) -> None:
        """Tell the process to end, also in the middle of something."""
        self.verdict = "stop"
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Wait for the process to end, and kill it if it does not."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_SECONDS)
        self.kill()
        self._link.close()

    def look(self) -> None:
        """Take note of what runs below this process now, and of what is left of before."""
        family = below(self.pid)
        self.known = family | {old for old in self.known - family if old.is_running()}


def below(pid: int) -> frozenset[psutil.Process]:
    """Return all processes that descend from ``pid``."""
    try:
        return frozenset(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return frozenset()


def _reported(error: Mapping[str, str]) -> InvocationFailed:
    return InvocationFailed(error["errorType"], error["errorMessage"])


def _command(handler: str, descriptor: int, scratch: str) -> list[str]:
    return [sys.executable, "-m", "infra.rehearsal.worker", handler, str(descriptor), scratch]
