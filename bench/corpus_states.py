"""Send every document below a folder through Fanfold and say how each one ends.

    python -m bench.corpus_states FOLDER [--endpoint URL] [--seconds 600] [--window 4]

Prints state, reason, pages and seconds per file, then a tally. Exits with 1 if a document was not
at an end in time or the service broke, whatever the ends are: that they come is the point.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import inputs, local, render
from cli.extract import Batch, advance
from client.answers import Status
from client.service import Service
from infra.machine.machine import Wish

_TRUTH = (".txt", ".json", ".md")


def main() -> None:
    """Read the arguments, run, and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--endpoint", help="a running service; without it one is embedded")
    parser.add_argument("--seconds", type=float, default=600, help="how long a document may take")
    parser.add_argument("--window", type=int, default=4, help="documents under way at once")
    parser.add_argument("--everything", action="store_true", help="send .txt and .json files too")
    options = parser.parse_args()
    found = sorted(path for path in options.folder.rglob("*") if path.is_file())
    paths = [path for path in found if options.everything or path.suffix not in _TRUTH]
    with service(options.endpoint) as client:
        sys.exit(run(client, options.folder, paths, options.seconds, options.window))


@contextmanager
def service(endpoint: str | None, workers: int | None = None) -> Iterator[Service]:
    """Give a client of a running service, or of one embedded with so many ``workers``."""
    if endpoint:
        yield Service(endpoint)
        return
    with (
        tempfile.TemporaryDirectory(prefix="fanfold-") as folder,
        local.machine(Path(folder), Wish(workers=workers)) as machine,
    ):
        yield Service(machine.url)


def run(client: Service, folder: Path, paths: list[Path], seconds: float, window: int) -> int:
    """Send all files and print their ends; return the exit code."""
    batch = Batch([inputs.file(path) for path in paths], window)
    begun: dict[int, float] = {}
    ends: Counter[str] = Counter()
    while len(batch.ended) < len(paths):
        before = set(batch.ended)
        advance(client, batch, {})
        now = time.monotonic()
        for place in (*batch.live, *batch.ended):
            begun.setdefault(place, now)
        late = {place for place in batch.live if now - begun[place] > seconds}
        for place in sorted((set(batch.ended) - before) | late):
            status = batch.ended.get(place) or batch.live[place]
            ends["LATE" if place in late else status.state.value] += 1
            line(paths[place].relative_to(folder), status, now - begun[place])
        if late:
            break
        time.sleep(0.2)
    print("  ".join(f"{state} {count}" for state, count in sorted(ends.items())))
    return 1 if ends["LATE"] else 0


def line(name: Path, status: Status, seconds: float) -> None:
    """Print one document's end."""
    why = status.reason.code if status.reason else ""
    failed = ", ".join(f"{page.number} {page.reason.code}" for page in status.failed_pages)
    told = (
        f"{seconds:7.1f} s  {status.state:10} {why or failed:24} {render.pages(status):20} {name}"
    )
    print(told, flush=True)


if __name__ == "__main__":
    main()
