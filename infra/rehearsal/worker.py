"""One Lambda worker: ``python -m infra.rehearsal.worker <handler> <socket> <scratch>``.

Imports the handler once and then serves one invocation at a time over a socket that only its
runner holds. One line of JSON each way; standard output and error are the function's log. When
the other end of the socket goes away, by whatever death, the worker ends at once and takes with
it everything that it started and its folder for temporary files.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import queue
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.http import PAYLOAD_BYTES

Handler = Callable[[Any, "Context"], Any]
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose log group and stream this is; Fanfold has no client context."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a handler about its invocation; ``deadline`` on the monotonic clock."""

    aws_request_id: str
    invoked_function_arn: str
    function_name: str
    memory_limit_in_mb: str
    deadline: float
    function_version: str = "$LATEST"
    log_group_name: str = ""
    log_stream_name: str = "local"
    client_context: None = None
    identity: Identity = field(default_factory=Identity)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until this invocation is killed."""
        return max(0, round((self.deadline - time.monotonic()) * 1000))


def main(handler_name: str, descriptor: int, scratch: str) -> None:
    """Serve invocations until the runner goes away; ``scratch`` is what /tmp is on Lambda."""
    os.environ["TMPDIR"] = scratch
    link = socket.socket(fileno=descriptor)
    link.set_inheritable(False)
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(link, requests, scratch), daemon=True).start()
    try:
        handler = _load(handler_name)
    except BaseException as error:  # whatever a module raises at import, also SystemExit
        _send(link, {"error": _described(error)})
        raise
    _send(link, {"ready": True})
    while True:
        _send(link, _invoke(handler, requests.get()))


def _load(name: str) -> Handler:
    """Import a handler, without the garbage collector: it takes an eighth of that, for nothing."""
    module, _, function = name.rpartition(".")
    gc.disable()
    handler: Handler = getattr(importlib.import_module(module), function)
    gc.freeze()
    gc.enable()
    return handler


def _listen(link: socket.socket, requests: queue.SimpleQueue[Request], scratch: str) -> None:
    """Pass invocations on; in a thread, so that the runner's death is seen during one, too."""
    with link.makefile("rb") as lines, contextlib.suppress(ConnectionError):
        for line in lines:
            requests.put(json.loads(line))
    _end_descendants()
    shutil.rmtree(scratch, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGKILL)


def _end_descendants() -> None:
    """Kill every process below this one, also those in a session of their own."""
    import psutil  # noqa: PLC0415 - only where a worker has to end

    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _invoke(handler: Handler, request: Request) -> Mapping[str, Any]:
    context = Context(
        aws_request_id=request["id"],
        invoked_function_arn=request["arn"],
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        deadline=time.monotonic() + request["seconds"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
    )
    try:
        payload = json.dumps(handler(request["event"], context), ensure_ascii=False)
    except Exception as error:  # the edge: Lambda reports it and goes on
        traceback.print_exc()
        return {"error": _described(error)}
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    if len(payload.encode("utf-8", "surrogatepass")) > PAYLOAD_BYTES:
        return {"error": {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": ""}}
    return {"payload": payload}


def _described(error: BaseException) -> dict[str, str]:
    return {"errorType": type(error).__name__, "errorMessage": str(error)}


def _send(link: socket.socket, answer: Mapping[str, Any]) -> None:
    with contextlib.suppress(ConnectionError):  # the runner is gone; _listen knows, too
        link.sendall(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
