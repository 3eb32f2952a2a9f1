"""Time how long functions take to be ready: what was added, against what was there without it.

    python -m bench.coldstart [page|api] [--times 7] [--than COMMIT]

`page` starts the heavy lane with the second reader and without, until the child is ready for a
page. `api` starts the HTTP API of this tree and that of a commit, by default the last one before
requests were checked against the list of operations, until it has refused a wrong option.
Starts the handler as Lambda does, in a new process each time, both kinds in turn, and prints the
medians of wall and CPU time, and their ratio. What Lambda takes to bring the function's files is
not in it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from statistics import median

_ALLOWED = 1.5
"""Maximum of CPU time with what was added, in times of that without."""

_UNCHECKED = "2d001b5"
"""The last commit whose API has no list of operations."""

_PAGE = """
import sys
if sys.argv[1] == "without":
    class Hidden:
        def find_spec(self, name, path=None, target=None):
            if name in ("onnxruntime", "rapidocr"):
                raise ModuleNotFoundError(name)
    sys.meta_path.insert(0, Hidden())
import functions.page.handler
from fanfold import bootstrap
bootstrap.close()
"""
_API = """
import json, sys
from types import SimpleNamespace
import fanfold
from functions.api import handler
for module in fanfold, handler:
    assert module.__file__.startswith(sys.argv[1] + "/"), module.__file__
context = SimpleNamespace(aws_request_id="1", function_name="api", memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:api")
answer = handler.handler(json.loads(sys.argv[2]), context)
assert answer["statusCode"] == 400 and "pages" in answer["body"], answer
"""
_REQUEST = {
    "path": "/v1/documents",
    "httpMethod": "POST",
    "headers": {"content-type": "application/json"},
    "multiValueHeaders": {"content-type": ["application/json"]},
    "requestContext": {
        "stage": "api",
        "path": "/api/v1/documents",
        "authorizer": {"tenant": "default", "scopes": "read write"},
    },
    "body": json.dumps({"name": "a.pdf", "options": {"pages": "last"}}),
}

_QUEUES = "ASSEMBLE", "INTAKE", "SPLIT"

Command = list[str]
"""What Python is called with."""


def main() -> int:
    """Start, time and print; the exit code says whether it is quick enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("function", nargs="?", choices=("page", "api"), default="page")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--than", default=_UNCHECKED, metavar="COMMIT")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.function == "page":
            return _compare(*_readers(), folder, chosen.times)
        return _compare(*_trees(chosen.than, Path(folder)), folder, chosen.times)


def _readers() -> tuple[dict[str, Command], Path]:
    return {kind: ["-c", _PAGE, kind] for kind in ("with", "without")}, Path.cwd()


def _trees(commit: str, folder: Path) -> tuple[dict[str, Command], Path]:
    """Bring the files of a commit; return how to start the API here and there."""
    kept = ["git", "archive", commit, "functions", "layers/core"]
    there = folder / "there"
    with tarfile.open(fileobj=io.BytesIO(subprocess.check_output(kept))) as archive:
        archive.extractall(there, filter="data")
    trees = {"here": Path.cwd(), commit: there}
    code = "import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/layers/core']" + _API
    asked = json.dumps(_REQUEST)
    return {name: ["-c", code, str(tree), asked] for name, tree in trees.items()}, folder


def _compare(commands: dict[str, Command], cwd: Path, folder: str, times: int) -> int:
    """Start each kind in turn, the added one named first; print medians and their ratio."""
    for command in commands.values():
        _start(command, cwd, folder)  # once for what the disk has to bring
    found = [
        {kind: _start(one, cwd, folder) for kind, one in commands.items()} for _ in range(times)
    ]
    wall, cpu = ({kind: median(one[kind][n] for one in found) for kind in commands} for n in (0, 1))
    for kind in commands:
        print(f"{kind:8}{wall[kind]:7.3f} s{cpu[kind]:8.3f} CPU s")
    added, without = cpu.values()
    print(f"{added / without:.2f} × (at most {_ALLOWED})")
    return 0 if added / without <= _ALLOWED else 1


def _start(command: Command, cwd: Path, folder: str) -> tuple[float, float]:
    """Return seconds of wall and of CPU that one start took, its children's included."""
    environment = {
        **os.environ,
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "FANFOLD_LANE": "heavy",
        "FANFOLD_BUCKET": "bucket",
        "FANFOLD_TABLE": "table",
        "FANFOLD_DERIVED_BUCKET": "derived",
        **{f"FANFOLD_{step}_QUEUE_URL": "http://127.0.0.1:9/queue" for step in _QUEUES},
        "FANFOLD_WORKSPACE": folder,
    }
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *command], env=environment, cwd=cwd, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, cpu


if __name__ == "__main__":
    sys.exit(main())
