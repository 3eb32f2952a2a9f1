"""The zygote seen from the handler: start it, ask it, end it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from fanfold.ocr.isolation import places
from fanfold.settings import Engine

_PASSED_ON = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
"""Variables that programs may need to start at all; none is a setting of ours."""

_ZYGOTE = "fanfold.ocr.isolation.zygote"

GRACE = 5.0
"""Maximum of seconds that the zygote may take to report, beyond the job's own."""


class ZygoteDied(Exception):
    """The zygote went away, or it was silent for too long (then ``status`` is None)."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the zygote ended with {status}")
        self.status = status


class Zygote:
    """A running zygote and the socket to it. Not safe for threads."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._child = 0
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # -P: no module is ever imported from the folder where documents are worked on;
                # -S: the packages are where this process has them, without looking for them anew
                [sys.executable, "-P", "-S", "-m", _ZYGOTE, str(theirs.fileno())],
                env=environment(engine),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = ours
        self._stream = ours.makefile("rwb")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def load(self, module: str, arguments: dict[str, Any] | None = None) -> None:
        """Have a module loaded, and what a job with ``arguments`` will need, without waiting."""
        order = {"import": module, "arguments": arguments, "prepare": bool(arguments)}
        with contextlib.suppress(OSError):  # the next job finds out
            self._send(order)

    def wait(self, seconds: float) -> None:
        """Wait until everything is loaded, at most so long; the next job drops the answer."""
        with contextlib.suppress(OSError):
            self._send({"ready": True})
            select.select([self._control], [], [], seconds)

    def ask(self, order: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send a job and wait for its report and the child's answer; raise ZygoteDied."""
        self._control.settimeout(seconds + GRACE)
        try:
            self._send(order)
            while "child" not in (told := self._receive()):
                pass
            self._child = int(told["child"])
            report = self._receive()
            answer = self._stream.read(report["length"])
        except TimeoutError as error:
            self.kill()
            raise ZygoteDied(None) from error
        except (OSError, ValueError) as error:
            raise ZygoteDied(self._status()) from error
        self._child = 0
        return report, answer

    def kill(self) -> None:
        """End the zygote and its child."""
        if self._child:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child, signal.SIGKILL)
        self._control.close()
        with contextlib.suppress(OSError):
            self._stream.close()
        self._process.kill()
        self._process.wait()

    def _status(self) -> int:
        """Return what the zygote died of, now that its end of the socket is closed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        self.kill()
        return self._process.returncode

    def _send(self, order: dict[str, Any]) -> None:
        self._stream.write(json.dumps(order).encode() + b"\n")
        self._stream.flush()

    def _receive(self) -> dict[str, Any]:
        line = self._stream.readline()
        if not line:
            raise ConnectionResetError
        return dict(json.loads(line))


def environment(engine: Engine) -> dict[str, str]:
    """Return the environment of everything that parses documents: no credentials, no settings.

    OMP_THREAD_LIMIT=1: tesseract's threads more than double the CPU time of a page. One malloc
    arena keeps the address space, which is limited, from growing without use.
    """
    chosen = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    chosen |= {
        "PATH": os.pathsep.join(os.get_exec_path()),
        "PYTHONPATH": os.pathsep.join(places.of_modules()),
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "MALLOC_ARENA_MAX": "1",
    }
    if engine.tessdata:
        chosen["TESSDATA_PREFIX"] = str(engine.tessdata)
    return chosen
