"""infra/terraform as python-hcl2 reads it: what is declared, argument by argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hcl2

ROOT = Path(__file__).resolve().parents[3] / "infra" / "terraform"


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource or data source: where it stands, its type and name, its arguments and blocks."""

    path: Path
    kind: str
    type: str
    name: str
    body: dict[str, Any]


def folders() -> list[Path]:
    """Return the root and the modules."""
    return [ROOT, *sorted(path for path in (ROOT / "modules").iterdir() if path.is_dir())]


@cache
def parsed(path: Path) -> dict[str, Any]:
    """Return one file's blocks."""
    with path.open(encoding="utf-8") as file:
        return dict(hcl2.load(file))


def blocks(folder: Path, kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every block of a kind in a folder, such as ``variable``, keyed by its labels."""
    for path in sorted(folder.glob("*.tf")):
        for block in parsed(path).get(kind, []):
            yield path, block


def declared() -> Iterator[Declared]:
    """Yield every resource and data source."""
    for folder in folders():
        for kind in ("resource", "data"):
            for path, block in blocks(folder, kind):
                for type_, named in block.items():
                    for name, body in named.items():
                        yield Declared(path, kind, _bare(type_), _bare(name), body)


def types(kind: str) -> list[str]:
    """Return the types of resources, or of data sources, that are used."""
    return sorted({one.type for one in declared() if one.kind == kind})


def _bare(label: str) -> str:
    return label.strip('"')
