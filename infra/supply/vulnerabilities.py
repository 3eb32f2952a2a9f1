"""Look up what is known against the locks' packages.

    python -m infra.supply.vulnerabilities TOOL LOCK …

TOOL is pip-audit. It ends well where it could look nothing up; here what was not looked up is said,
lock by lock. Ends with 1 where something is known against a package, and with 0 otherwise, also
where nobody could be asked: then the last line says that, too. Debian's packages are not looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OPTIONS = ("--format", "json", "--progress-spinner", "off", "--disable-pip", "--require-hashes")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of a lock: packages looked up, those that were not, what is known, and why."""

    lock: str
    known: tuple[str, ...]
    """Package, version and what is known against it."""
    asked: int
    unasked: int
    why: str = ""


def main(arguments: Sequence[str]) -> int:
    """Look every lock up, print, judge."""
    tool, *locks = arguments
    found = [look(tool, Path(lock)) for lock in locks]
    print("\n".join(line for one in found for line in told(one)))
    if missed := sum(one.unasked for one in found):
        print(f"NOT SCANNED: {missed} of {missed + sum(one.asked for one in found)} packages.")
    return 1 if any(one.known for one in found) else 0


def look(tool: str, lock: Path) -> Looked:
    """Ask about one lock."""
    run = subprocess.run(
        [tool, *_OPTIONS, "--requirement", str(lock)], capture_output=True, text=True, check=False
    )
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        lines = run.stderr.strip().splitlines() or [f"it ended with {run.returncode}"]
        return Looked(str(lock), (), 0, _count(lock), lines[-1])
    skipped = [one for one in packages if "skip_reason" in one]
    known = tuple(line for one in packages for line in _known(one))
    why = str(skipped[0]["skip_reason"]) if skipped else ""
    return Looked(str(lock), known, len(packages) - len(skipped), len(skipped), why)


def told(one: Looked) -> Iterator[str]:
    """Say what was found of a lock."""
    yield f"{one.lock}: {one.asked} packages looked up, {len(one.known)} known to be vulnerable"
    yield from (f"  {line}" for line in one.known)
    if one.unasked:
        yield f"  {one.unasked} packages were not looked up: {one.why}"


def _known(package: dict[str, Any]) -> Iterator[str]:
    for one in package.get("vulns", ()):
        mended = ", ".join(one.get("fix_versions", ())) or "nothing yet"
        yield f"{package['name']} {package['version']}: {one['id']}, mended by {mended}"


def _count(lock: Path) -> int:
    """Return how many packages a lock pins."""
    return sum("==" in line.split(" ")[0] for line in lock.read_text("utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
