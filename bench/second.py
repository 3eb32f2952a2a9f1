"""Measure what it takes to have a page read by the second reader, in the lane that has it.

    python -m bench.second FOLDER [--pages 3] [--out FILE]

Reads all documents of a folder in the ordinary lane (320 MB), and in the heavy one what that
leaves for it: from what was left, and, to see what that saves, without. Prints CPU seconds a page,
those of plain tesseract on the same pages beside them, and writes them to
cli/planning/second.json, which `fanfold cost` prices.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from bench import readers
from cli.planning import second
from fanfold.errors import FanfoldError
from fanfold.model import Mode, Readers
from fanfold.ports import PageRead, ReadRequest, Wanted
from fanfold.settings import Engine, load

_LANGUAGE = "eng"
_TRUTH = (".txt", ".json", ".md")
_LANES: Mapping[str, Mapping[str, str]] = {
    "page": {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "320",
        "FANFOLD_CHILD_SECONDS": "50",
        "FANFOLD_SECOND_READER": "heavy",
    },
    "page-heavy": {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
        "FANFOLD_CHILD_SECONDS": "280",
        "FANFOLD_LANE": "heavy",
        "FANFOLD_TESSERACT": "tesseract",
    },
}
"""What template.yaml gives the lanes: the program reads in the heavy one."""


class Spent(NamedTuple):
    """CPU seconds of one page that was left, and bytes of what was left."""

    first: float
    heavy: float
    anew: float
    plain: float
    bytes: int


def main() -> None:
    """Read the arguments, measure, write and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--out", type=Path, default=second.MEASURED)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        readers.house(_engine("page")) as page,
        readers.house(_engine("page-heavy")) as heavy,
    ):
        counted, spent = 0, list[Spent]()
        for path in _pages(asked.folder, asked.pages, page):
            counted += 1
            spent += _spent(path, page, heavy, Path(folder) / str(counted))
    if not spent:
        raise SystemExit(f"none of {counted} pages was left to the heavy lane")
    found = second.Measured(
        dated=datetime.now(UTC).date().isoformat(),
        pages=len(spent),
        cpu=fmean(one.heavy for one in spent),
        plain_cpu=fmean(one.plain for one in spent),
        left_bytes=fmean(one.bytes for one in spent),
    )
    asked.out.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    print(f"{counted} pages, {len(spent)} of them left to the heavy lane; CPU s a page of these:")
    for name in ("first", "heavy", "anew", "plain"):
        print(f"{name:8}{fmean(getattr(one, name) for one in spent):7.3f}")
    print(f"{found.left_bytes / 1000:.1f} KB are left of a page")


def _engine(lane: str) -> Engine:
    return load(os.environ | _LANES[lane]).engine


def _pages(documents: Path, most: int | None, house: readers.House) -> Iterator[Path]:
    for file in sorted(path for path in documents.rglob("*") if path.is_file()):
        if file.suffix not in _TRUTH:
            yield from house.pages(file, most)


def _spent(path: Path, page: readers.House, heavy: readers.House, folder: Path) -> Iterator[Spent]:
    first = _read(page, path, folder / "first")
    if first and first.left:
        rest = _read(heavy, path, folder / "rest", first.left)
        anew = _read(heavy, path, folder / "anew")
        if rest and anew:
            plain = readers.plain(path, _LANGUAGE).cpu
            yield Spent(*map(_cpu, (first, rest, anew)), plain, first.left.stat().st_size)


def _read(
    house: readers.House, path: Path, folder: Path, given: Path | None = None
) -> PageRead | None:
    folder.mkdir(parents=True)
    request = ReadRequest(1, _LANGUAGE, Mode.AUTO, engine=Readers.AUTO, given=given)
    with suppress(FanfoldError):
        found = house.reader.read(path, request, folder)
        return None if isinstance(found, Wanted) else found
    return None


def _cpu(read: PageRead) -> float:
    return read.page.timings["cpu"] / 1000


if __name__ == "__main__":
    main()
