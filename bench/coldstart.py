"""Time how long the heavy lane's function takes to be ready, with the second reader and without.

    python -m bench.coldstart [--times 7]

Starts the handler as Lambda does, in a new process each time, both kinds in turn, and prints the
medians of wall and CPU time until the child is ready for a page, and their ratio. What Lambda takes
to bring the function's files is not in it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from statistics import median

_ALLOWED = 1.5
"""Maximum of CPU time with the second reader, in times of that without."""

_HANDLER = """
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
_KINDS = "with", "without"


def main() -> int:
    """Start, time and print; the exit code says whether it is quick enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        _start("with", folder)  # once for what the disk has to bring
        found = [{kind: _start(kind, folder) for kind in _KINDS} for _ in range(times)]
    wall, cpu = ({kind: median(one[kind][n] for one in found) for kind in _KINDS} for n in (0, 1))
    for kind in _KINDS:
        print(f"{kind:8}{wall[kind]:7.3f} s{cpu[kind]:8.3f} CPU s")
    ratio = cpu["with"] / cpu["without"]
    print(f"{ratio:.2f} × (at most {_ALLOWED})")
    return 0 if ratio <= _ALLOWED else 1


def _start(kind: str, folder: str) -> tuple[float, float]:
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
        "FANFOLD_ASSEMBLE_QUEUE_URL": "http://127.0.0.1:9/queue",
        "FANFOLD_WORKSPACE": folder,
    }
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", _HANDLER, kind], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, cpu


if __name__ == "__main__":
    sys.exit(main())
