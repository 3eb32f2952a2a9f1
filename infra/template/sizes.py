"""Say how large each built function is with its layers, and refuse what Lambda would.

    ARCHITECTURE=arm64 python -m infra.template.sizes [--template FILE]

Ends with 1 where a function is too large. Lambda counts the bytes of all files, unzipped.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from infra import ROOT
from infra.template.names import Place
from infra.template.template import Template, load

BUILT = ROOT / ".aws-sam/build/template.yaml"

LARGEST = 250_000_000
"""Minimum of bytes of a function and its layers that Lambda may refuse: its quota is 250 MB."""

_FUNCTION, _MEGABYTE = "AWS::Serverless::Function", 1_000_000


def parts(template: Template) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each function with the bytes of its own folder and of each of its layers, by name."""
    folder = template.path.parent
    for function in template.resources(_FUNCTION):
        layers = [layer["Ref"] for layer in function.properties["Layers"]]
        yield function.id, {name: _bytes(folder / name) for name in (function.id, *layers)}


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> int:
    """Print a line for each function; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.template.sizes", description=__doc__)
    parser.add_argument("--template", type=Path, default=BUILT, help="what `sam build` made")
    architecture = os.environ.get("ARCHITECTURE", "x86_64")
    asked = parser.parse_args()
    found = list(parts(load(asked.template, Place("http://127.0.0.1"))))
    print(f"MB of {LARGEST // _MEGABYTE}, {architecture}")
    for function, sizes in found:
        told = " ".join(f"{name} {size / _MEGABYTE:.1f}" for name, size in sizes.items())
        print(f"{function:20}{sum(sizes.values()) / _MEGABYTE:7.1f}   {told}")
    return 1 if any(sum(sizes.values()) >= LARGEST for _, sizes in found) else 0


if __name__ == "__main__":
    sys.exit(main())
