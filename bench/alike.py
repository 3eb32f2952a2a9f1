"""Have documents read by one machine and by the rehearsal of AWS, and compare all their results.

    python -m bench.alike PLACE… [--most 60] [--pages 1-2] [--seconds 1800]

A PLACE is a file or a folder; of all files below, so many are taken, evenly over their names. Both
services are started here, each on free ports. Every format is asked for, and the bytes have to be
the same but for what names the document and tells times. The engine's further looks at a page are
bounded by the CPU seconds that they take, so on a busy machine a page may fall on either side: what
differs is read once more by both, and told. Exits with 1 where that differs, too.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.endtoend import started
from cli import inputs
from cli.extract import Batch, advance
from client.answers import Status
from client.service import Service
from fanfold.model import Output

_TRUTH = (".txt", ".json", ".md")
_TIMES = {"created_at", "started_at", "ended_at", "updated_at", "timings", "milliseconds"}
_MOMENTS = re.compile(rb"D:\d{14}[Z+\-'\d]*|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
_PDF_ID = re.compile(rb"/ID ?\[ ?<[0-9a-f]+> ?<[0-9a-f]+> ?\]")
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Read:
    """How a document ended, and its results by their format, without names and times."""

    end: tuple[object, ...]
    results: dict[str, object]


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs of a document, and whether it was the same only when it was read again."""

    file: Path
    differences: list[str]
    again: bool = False

    def __str__(self) -> str:
        """Return what is printed of it."""
        said = ", ".join(self.differences) or "the same"
        return f"{said}, read again" if self.again else said


def main() -> None:
    """Read the arguments, run, print and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path, nargs="+", metavar="PLACE")
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--pages", default="1-2")
    parser.add_argument("--seconds", type=float, default=1800, help="for all of them")
    options = parser.parse_args()
    files = chosen(options.places, options.most)
    found = list(compared(files, options.pages, options.seconds))
    for one in found:
        print(f"{one.file.name:40} {one}")
    again, differ = sum(one.again for one in found), sum(bool(one.differences) for one in found)
    print(f"{len(files)} documents, {again} read again, {differ} differ")
    sys.exit(bool(differ))


def chosen(places: Sequence[Path], most: int) -> list[Path]:
    """Return at most so many of the files that are or lie in ``places``, evenly over all."""
    found = [path for place in places for path in ([place] if place.is_file() else _below(place))]
    step = max(1.0, len(found) / most)
    return [found[int(n * step)] for n in range(min(most, len(found)))]


def _below(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if path.suffix not in _TRUTH]


def compared(files: Sequence[Path], pages: str, seconds: float) -> Iterator[Compared]:
    """Yield what is the same and what differs of each file."""
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder, ExitStack() as running:
        up = ("up", "--data", folder, "--port", "0")
        cloud = ("cloud", "--port", "0", "--aws-port", "0")
        urls = [running.enter_context(started(*command))[0] for command in (up, cloud)]
        services = [running.enter_context(closing(Service(url))) for url in urls]

        def read(some: Sequence[Path], **more: bool) -> list[list[str]]:
            wish = {"pages": pages, "outputs": [output.value for output in Output], **more}
            ends = [ended(service, some, wish, seconds) for service in services]
            return [differing(one, other) for one, other in zip(*ends, strict=True)]

        first = dict(zip(files, read(files), strict=True))
        odd = [file for file, differences in first.items() if differences]
        # With another wish, or the documents that are there already would answer.
        second = dict(zip(odd, read(odd, unseen=True), strict=True))
        for file in files:
            yield Compared(file, second.get(file, first[file]), file in second)


def ended(
    service: Service, files: Sequence[Path], wish: Mapping[str, Any], seconds: float
) -> list[Read]:
    """Have all files read; raise TimeoutError where that takes too long."""
    batch = Batch([inputs.file(path) for path in files], window=4)
    deadline = time.monotonic() + seconds
    while len(batch.ended) < len(files):
        advance(service, batch, wish)
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(files) - len(batch.ended)} documents have not ended")
        time.sleep(_PAUSE)
    return [results(service, batch.ended[number]) for number in range(len(files))]


def results(service: Service, status: Status) -> Read:
    """Fetch all results of a document."""
    found: dict[str, object] = {}
    for output in status.results:
        target = io.BytesIO()
        service.fetch(status.id, output, target)
        found[output.value] = neutral(target.getvalue(), status.id)
    why = status.reason.code if status.reason else ""
    failed = tuple((page.number, page.reason.code) for page in status.failed_pages)
    return Read((status.state, why, failed), found)


def neutral(data: bytes, document: str) -> object:
    """Take from a result what names its document and tells times; raise nothing on any bytes."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            return {name: neutral(bundle.read(name), document) for name in bundle.namelist()}
    data = _MOMENTS.sub(b"TIME", data.replace(document.encode(), b"DOCUMENT"))
    with suppress(ValueError):  # it is no JSON, or several lines of it
        return _timeless(json.loads(data))
    return _PDF_ID.sub(b"/ID", data) if data.startswith(b"%PDF") else data


def _timeless(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name not in _TIMES}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


def differing(one: Read, other: Read) -> list[str]:
    """Return what is not the same: the end, or formats."""
    names = sorted({*one.results, *other.results})
    end = [f"{one.end} and {other.end}"] if one.end != other.end else []
    return end + [name for name in names if one.results.get(name) != other.results.get(name)]


if __name__ == "__main__":
    main()
