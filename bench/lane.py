"""Read documents as the page function does: within 320 MB and 0.18 of a processor.

    python -m bench.lane FOLDER [--pages 5] [--memory 320] [--vcpu 0.18] [--installed eng+deu]

Every page must end, read or with a typed error, and the handler must live on. Prints how they
ended, the latency, and the lane's peak of memory. As root the lane is a control group (v1 or v2)
that enforces both; elsewhere only the child's own limits hold, which is said. Latency is CPU
seconds divided by the share of the processor, so that what else runs here does not matter; under
a quota deadlines pass as they do on Lambda, or sooner on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from bench import readers
from bench.cgroups import Lane
from fanfold.model import AUTO_LANGUAGES, MEGABYTE
from fanfold.settings import Engine, load

_SECONDS = "50"
"""FANFOLD_CHILD_SECONDS of the page function."""

_P50, _P99 = 8, 40
"""Seconds that half of the pages and nearly all of them may take."""

_TRUTH = (".txt", ".json", ".md")


def main() -> None:
    """Read the arguments, run and print; the exit code says whether all of it holds."""
    options = _options()
    if options.inside:
        _read_all(options.folder, _engine(options.memory, options.installed))
        return
    with tempfile.TemporaryDirectory() as folder:
        pages = _cut(options.folder, options.pages, Path(folder))
        lane = Lane(options.memory * MEGABYTE, options.vcpu)
        with lane:
            print(f"{pages} pages, {options.memory} MB, {options.vcpu} vCPU: {lane.told}")
            ends = list(_follow(lane, Path(folder), options))
        sys.exit(0 if _report(ends, pages, lane, options.vcpu) else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--memory", type=int, default=320, help="megabytes of the function")
    parser.add_argument("--vcpu", type=float, default=0.18, help="share of a processor")
    parser.add_argument(
        "--installed", default="eng", help="languages; of several each page's is found out"
    )
    parser.add_argument("--verbose", action="store_true", help="say what became of each page")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _engine(memory: int, languages: str) -> Engine:
    return load(
        os.environ
        | {
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory),
            "FANFOLD_CHILD_SECONDS": _SECONDS,
            "FANFOLD_LANGUAGES": languages,
            "FANFOLD_SECOND_READER": "heavy",
        }
    ).engine


def _cut(documents: Path, most: int | None, folder: Path) -> int:
    """Put all pages of all documents into ``folder``, outside of the lane; return how many."""
    found = (path for path in sorted(documents.rglob("*")) if path.is_file())
    count = 0
    with readers.house(Engine()) as house:
        for file in (path for path in found if path.suffix not in _TRUTH):
            for number, page in enumerate(house.pages(file, most), start=1):
                page.rename(folder / f"{file.parent.name} {file.stem[:40]} p{number:03}.pdf")
                count += 1
    return count


def _follow(lane: Lane, folder: Path, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Read all pages in the lane and yield what became of each."""
    command = [sys.executable, "-m", "bench.lane", str(folder), "--inside"]
    command += ["--memory", str(options.memory), "--installed", options.installed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=lane.enter) as reader:  # noqa: PLW1509 (no threads)
        assert reader.stdout is not None
        for line in reader.stdout:
            end = json.loads(line)
            if options.verbose:
                print(f"{end['cpu']:6.2f} CPU s  {end['peak']:4} MB  {end['end']:24} {end['name']}")
            yield end


def _read_all(folder: Path, engine: Engine) -> None:
    """Read every page of ``folder`` and print a line of JSON for each. In the lane."""
    import fanfold.bootstrap  # noqa: F401, PLC0415 (the SDK's memory is a part of the lane's)

    me = psutil.Process()
    several = len(engine.languages) > 1
    wanted = AUTO_LANGUAGES if several else engine.languages[0]
    with readers.house(engine) as house:
        for path in sorted(folder.glob("*.pdf")):
            before = readers.spent()
            read = house.read(path, wanted)
            end = {
                "name": path.stem,
                "end": _end(read),
                "cpu": round(readers.spent() - before, 3),
                "peak": sum(one.memory_info().rss for one in (me, *me.children())) >> 20,
            }
            print(json.dumps(end), flush=True)


def _end(read: readers.Read) -> str:
    """Say how a page ended: one that the heavy lane is to read better was read here, too."""
    if read.page is None:
        return read.error
    return f"{read.page.source.value}{', left to the heavy lane' if read.left else ''}"


def _report(ends: list[dict[str, Any]], pages: int, lane: Lane, vcpu: float) -> bool:
    latency = sorted(end["cpu"] / vcpu for end in ends)
    quantiles = statistics.quantiles(latency, n=100, method="inclusive")
    counts = Counter(end["end"] for end in ends)
    print("ends             " + "; ".join(f"{name} {n}" for name, n in counts.most_common()))
    print(f"latency          p50 {quantiles[49]:.1f} s (at most {_P50}), "
          f"p99 {quantiles[98]:.1f} s (at most {_P99}), longest {latency[-1]:.1f} s")  # fmt: skip
    print(f"handler          {len(ends)} of {pages} pages ended; "
          f"killed for memory: {lane.killed if lane.enforced else 'not watched'}")  # fmt: skip
    print(f"peak memory      {lane.peak >> 20} MB" if lane.enforced else "peak memory      unknown")
    return len(ends) == pages and quantiles[49] <= _P50 and quantiles[98] <= _P99


if __name__ == "__main__":
    main()
