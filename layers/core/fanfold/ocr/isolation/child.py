"""What a forked child does with its job: shut itself in, run one function, answer, end.

The answer goes through a pipe of its own as JSON: ``{"result": …}``, or ``{"error": code,
"message": …}`` for what is wrong with the document. Standard output and error, where libraries
may write anything, go to ``LOG`` in the job's folder. A child that cannot answer just dies; the
parent reads what it died of from its status and the end of that log.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import tempfile
import traceback
from typing import Any

from fanfold.errors import DiskFull, FanfoldError, OutOfMemory
from fanfold.ocr.isolation import walls
from fanfold.workspace import NO_SPACE

ALLOWED_FUNCTIONS = frozenset(
    {
        "fanfold.formats.searchable.graft:graft",
        "fanfold.ocr.document.cut:cut",
        "fanfold.ocr.document.unlock:unlock",
        "fanfold.ocr.page:read",
        "fanfold.ocr.document.probe:probe",
        "fanfold.ocr.isolation.walls:held",
    }
)
MODULES = frozenset(function.partition(":")[0] for function in ALLOWED_FUNCTIONS)

LOG = "child.log"
"""File name in the job's folder that takes standard output and error."""

CRASHED = 70
"""Exit status of a child that ended with an error nobody expected (EX_SOFTWARE)."""

_MAXIMUM_FILES = 256
"""Maximum of files that a child may have open."""

_MAXIMUM_PROCESSES = 4096
"""Maximum of processes of our user, the child's among them: enough for all but a fork bomb."""


def run(job: dict[str, Any], pipe: int) -> int:
    """Do ``job`` and write the answer to ``pipe``; return the exit status."""
    _redirect(job["folder"])
    walls.shut_in(job["reads"], (*job["writes"], job["folder"], os.devnull))
    _limit(job)
    try:
        answer = _answer(job)
    except Exception:
        traceback.print_exc()
        return CRASHED
    with os.fdopen(pipe, "wb", closefd=False) as stream:  # closed by ending: then all is said
        stream.write(json.dumps(answer, separators=(",", ":")).encode())
    return 0


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": _function(job["function"])(**job["arguments"])}
    except FanfoldError as error:
        return {"error": error.code, "message": str(error)}
    except MemoryError:
        return {"error": OutOfMemory.code, "message": OutOfMemory.message}
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        return {"error": DiskFull.code, "message": DiskFull.message}


def _function(name: str) -> Any:  # noqa: ANN401
    if name not in ALLOWED_FUNCTIONS:
        raise ValueError(f"{name} is not a function for children")
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _redirect(folder: str) -> None:
    os.setsid()
    os.chdir(folder)
    sys.dont_write_bytecode = True  # the zygote does: a child must not, and cannot
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _limit(job: dict[str, Any]) -> None:
    seconds = int(job["seconds"]) + 1
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_CPU, seconds)
    _bound(resource.RLIMIT_FSIZE, int(job["file_bytes"]))
    _bound(resource.RLIMIT_NOFILE, _MAXIMUM_FILES)
    if sys.platform == "linux":  # elsewhere address space cannot be limited or means other things
        _bound(resource.RLIMIT_AS, int(job["memory_bytes"]))
        _bound(resource.RLIMIT_NPROC, _MAXIMUM_PROCESSES)


def _bound(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
