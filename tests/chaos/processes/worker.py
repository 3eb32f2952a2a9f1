"""The processes' side: ``python -m tests.chaos.processes.worker <socket>``.

A nursery imports everything once and forks a process for each function, which is that function
after its init phase: environment set, stage built, engine replaced by the fakes. That one forks
for each invocation, which so begins as a warm Lambda worker does and can be killed like one.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3

import fanfold.aws.documents
import fanfold.ocr.isolation.reader
import fanfold.ocr.isolation.tessdata
import fanfold.ocr.isolation.tool
import fanfold.stages.assemble
import fanfold.stages.lost
import fanfold.stages.page
import fanfold.stages.split
import fanfold.stages.sweep
from fanfold import bootstrap
from infra.rehearsal.worker import Context
from tests.chaos.processes.engine import HealingReader, MortalTool
from tests.integration.permissions.calls import needs

Report = Callable[[dict[str, Any]], None]


class Watch:
    """Sees every request to AWS go out and every answer come in; kills at one of them.

    ``kill`` is the number of the request and whether to wait for its answer.
    """

    def __init__(self) -> None:
        self.report: Report = lambda _: None
        self.kill: tuple[int, bool] | None = None
        self._count = 0
        self._lock = threading.Lock()
        self._mine = threading.local()

    def register(self, session: boto3.Session) -> None:
        session.events.register("provide-client-params", self.asked)
        session.events.register("before-send", self.sending)
        session.events.register("response-received", self.answered)

    def asked(self, params: dict[str, Any], model: Any, **_: object) -> None:
        service = model.service_model.service_name
        self.report({"needs": sorted({one.action for one in needs(service, model.name, params)})})

    def sending(self, event_name: str, **_: object) -> None:
        with self._lock:
            self._count += 1
            self._mine.number = self._count
            self.report({"call": event_name.removeprefix("before-send.")})
        self._strike(after=False)

    def answered(self, **_: object) -> None:
        self._strike(after=True)

    def _strike(self, *, after: bool) -> None:
        if self.kill == (self._mine.number, after):
            os.kill(os.getpid(), signal.SIGKILL)


def nursery(link: socket.socket) -> None:
    """Fork a process for every function that the host names."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        line, descriptors, _, _ = socket.recv_fds(link, 1 << 16, 1)
        if not line:
            return
        if os.fork() == 0:
            link.close()
            _function(json.loads(line), socket.socket(fileno=descriptors[0]))
        os.close(descriptors[0])


def _function(described: dict[str, Any], link: socket.socket) -> None:
    """Be one function, until the host goes away."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(described["environment"])
    watch = Watch()
    boto3.setup_default_session()
    watch.register(boto3._get_default_session())
    _replace_engine()
    module, _, name = described["handler"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    with link.makefile("rwb") as lines:
        for line in lines:
            lines.write(json.dumps(_invocation(json.loads(line), handler, watch)).encode() + b"\n")
            lines.flush()
    os._exit(0)


def _replace_engine() -> None:
    tool, reader = MortalTool(), HealingReader(heavy=os.environ.get("FANFOLD_LANE") == "heavy")
    bootstrap._tool = lambda method: tool  # type: ignore[assignment, return-value]
    bootstrap.sandbox = functools.cache(_NoSandbox)  # type: ignore[assignment, arg-type]
    fanfold.ocr.isolation.reader.SandboxedReader = lambda *_: reader  # type: ignore[assignment, misc]


class _NoSandbox:
    def start(self, module: str) -> None:
        pass

    def wait(self, seconds: float) -> None:
        pass


def _invocation(request: dict[str, Any], handler: Any, watch: Watch) -> dict[str, Any]:
    """Invoke in a process of its own; tell what it called, answered or died of."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            _invoke(request, handler, watch, writer)
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        lines = [json.loads(line) for line in told]
    _, status = os.waitpid(pid, 0)
    return {
        "calls": [line["call"] for line in lines if "call" in line],
        "needs": [action for line in lines for action in line.get("needs", ())],
        "killed": os.WIFSIGNALED(status),
        "answer": next((line["answer"] for line in lines if "answer" in line), None),
        "error": next((line["error"] for line in lines if "error" in line), None),
    }


def _invoke(request: dict[str, Any], handler: Any, watch: Watch, writer: int) -> None:
    def report(line: dict[str, Any]) -> None:
        os.write(writer, json.dumps(line).encode() + b"\n")

    offset = request["offset"]
    bootstrap.SystemClock.now = lambda self: time.time_ns() // 10**6 + offset  # type: ignore[method-assign]
    watch.report, watch.kill = report, request["kill"] and tuple(request["kill"])
    seconds = request["seconds"]
    context = Context("request", "arn", "function", "512", time.monotonic() + seconds)
    try:
        report({"answer": handler(request["event"], context)})
    except Exception as error:
        report({"error": f"{type(error).__name__}: {error}"})
    os._exit(0)


if __name__ == "__main__":
    nursery(socket.socket(fileno=int(sys.argv[1])))
