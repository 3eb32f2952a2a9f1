"""Write what others made of functions, layers and wheel: python -m infra.supply.

    python -m infra.supply [--build .aws-sam/build] [--out build/supply]

For each function and layer of a build, NAME.cdx.json (CycloneDX) and NAME.NOTICE.txt; both lie in
the package as well. The wheel's bill names what it is installed with, too.
Ends with 1 where a package holds what no lock names. A library of the web page tells who made it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from infra import ROOT
from infra.supply import bom, notice, parts
from infra.supply.parts import Part, Unpinned

_WHEEL_LOCK = ROOT / "requirements" / "run.lock"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A thing that is shipped; ``folder`` is its package, None where none was built."""

    name: str
    folder: Path | None
    parts: tuple[Part, ...]
    texts: str
    """Where the licences' texts lie."""


def main(arguments: list[str] | None = None) -> int:
    """Look at the build, write, print how much it was."""
    parser = argparse.ArgumentParser(prog="python -m infra.supply", description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / ".aws-sam" / "build")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "supply")
    asked = parser.parse_args(arguments)
    try:
        shipped = [*built(asked.build), wheel()]
    except Unpinned as error:
        print(f"supply: {error}", file=sys.stderr)
        return 1
    asked.out.mkdir(parents=True, exist_ok=True)
    for one in shipped:
        _write(one, asked.out)
        print(f"{one.name:20}{len(one.parts):4} of others")
    return 0


def built(build: Path) -> Iterator[Shipped]:
    """Yield the functions and layers that lie in a build."""
    for folder in sorted(path for path in build.glob("*") if path.is_dir()):
        if folder.name.endswith("Layer"):
            yield layer(folder)
        elif folder.name.endswith("Function"):
            yield Shipped(
                folder.name, folder, tuple(parts.scripts(folder)), "in each of these files"
            )


def layer(folder: Path) -> Shipped:
    """Return a built layer: of wheels, or of Debian's packages."""
    source = ROOT / "layers" / folder.name.removesuffix("Layer").lower()
    if (folder / "ocr").is_dir():
        architecture = os.environ.get("ARCHITECTURE", "x86_64")
        lock = source / f"packages.{architecture}.lock"
        found = parts.debian(folder / "ocr", lock, architecture)
        return Shipped(folder.name, folder, tuple(sorted(found)), "ocr/licences")
    found = parts.wheels(folder / "python", source / "requirements.lock")
    return Shipped(folder.name, folder, tuple(sorted(found)), "python/*.dist-info")


def wheel() -> Shipped:
    """Return the wheel with what it is installed with, which is pinned for its tests."""
    wanted = (*parts.required(_WHEEL_LOCK), *parts.scripts(ROOT / "functions"))
    return Shipped("fanfold", None, tuple(sorted(wanted)), "*.dist-info, where it is installed")


def _write(one: Shipped, out: Path) -> None:
    bill = bom.render(one.name, version("fanfold"), one.parts)
    told = notice.render(one.name, one.parts, one.texts)
    for file, text in ((f"{one.name}.cdx.json", bill), (f"{one.name}.NOTICE.txt", told)):
        (out / file).write_text(text, encoding="utf-8")
        if one.folder:
            (one.folder / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
