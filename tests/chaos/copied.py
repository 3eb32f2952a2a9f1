"""A folder is copied into the inbox while the service starts, stops and is killed.

Every file has to have one outcome in the outbox: its text, or why there is none.

    python -m tests.chaos.copied [--files 200]
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from tests.data.samples import ensure
from tests.integration.machine.conftest import Service, until

_SECONDS = 3600.0
_STARTS = 6
"""Every second start ends with a death, the others with an interrupt."""


def fill(folder: Path, files: int) -> set[str]:
    """Make so many documents in a few folders, each other bytes; return their paths."""
    page = (ensure() / "native.pdf").read_bytes()
    paths = set()
    for n in range(files):
        path = folder / str(n % 7) / f"{n}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((b"no document" if n % 10 == 9 else page) + f"\n%{n}".encode())
        paths.add(f"{folder.name}/{n % 7}/{n}.pdf")
    return paths


def outcomes(outbox: Path) -> set[str]:
    """Return the paths of the files that have an outcome."""
    return {
        str(path.relative_to(outbox)).removesuffix(suffix)
        for suffix in (".txt", ".error.json")
        for path in outbox.rglob(f"*{suffix}")
        if not path.name.startswith(".")
    }


def play(files: int, folder: Path) -> list[str]:
    """Have it happen; return what is wrong."""
    inbox, outbox = folder / "in", folder / "out"
    inbox.mkdir()
    wanted = fill(folder / "post", files)
    copying = subprocess.Popen(["cp", "-r", str(folder / "post"), str(inbox)])
    folders = ("--inbox", str(inbox), "--outbox", str(outbox))
    for n in range(1, _STARTS):
        service = Service(folder / "data", *folders)
        until(lambda n=n: len(outcomes(outbox)) >= n * files // (2 * _STARTS), _SECONDS)
        service.kill() if n % 2 else service.stop()
    assert copying.wait() == 0
    service = Service(folder / "data", *folders)
    until(lambda: len(outcomes(outbox)) >= files, _SECONDS)
    documents = sum(1 for _ in service.listed())
    service.stop()
    found = outcomes(outbox)
    wrong = [f"{path} has no outcome" for path in wanted - found]
    wrong += [f"{path} was never there" for path in found - wanted]
    return wrong + ([f"{documents} documents of {files} files"] if documents != files else [])


def main() -> int:
    """Play, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    files, began = parser.parse_args().files, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        wrong = play(files, Path(folder))
    for why in wrong:
        print(why)
    print(
        f"{files} files copied into {_STARTS} lives of a service: {len(wrong)} wrong;"
        f" {time.monotonic() - began:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
