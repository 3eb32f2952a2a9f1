"""The power goes at a random write: what was not synced is torn, and the machine has to go on.

A calm run is looked at before each fsync and around each call of a port: what lies on the disk, and
what of it is there for good, which is what was synced, under a name whose folder was synced. From
each such moment the power is cut: files that are not there for good are gone, cut, zeroed or whole,
the database's log ends anywhere after its last sync, half of the time in garbage. Then nothing
half may be served, and the machine has to come to what the calm run came to.

    python -m tests.chaos.powercuts [--cuts 300]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from fanfold.disk import stores
from fanfold.disk.checkup import check
from tests.chaos.restarts import Killer, drop, in_a_process, live, outcome

_LOG = "database-wal"


@dataclass
class Synced:
    """What is on the disk for good: contents of files, names in folders, bytes of the log."""

    contents: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    log: int = 0

    def note(self, path: Path, root: Path) -> None:
        """Take in that a file or a folder was synced."""
        if path.is_dir():
            self.names.update(str(found.relative_to(root)) for found in path.iterdir())
        elif path.name == _LOG:
            self.log = path.stat().st_size
        else:
            self.contents.add(str(path.relative_to(root)))

    def is_safe(self, path: Path, root: Path) -> bool:
        """Whether a file would be there, and whole."""
        own = path.relative_to(root)
        ways = [str(own), *(str(parent) for parent in own.parents if parent != Path())]
        return str(own) in self.contents and self.names.issuperset(ways)


class Watcher(Killer):
    """Keeps what lies on the disk at each moment that somebody waits for a disk or a port."""

    def __init__(self, data: Path, moments: Path, wanted: set[int] | None) -> None:
        super().__init__(None)
        self._data, self._moments, self._wanted = data, moments, wanted
        self._synced, self.count, self._sync = Synced(), 0, os.fsync

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        self.look()
        return call()

    def fsync(self, descriptor: int) -> None:
        self.look()
        self._sync(descriptor)
        if stat.S_ISREG(os.fstat(descriptor).st_mode) or stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self._synced.note(Path(f"/proc/self/fd/{descriptor}").resolve(), self._data)

    def look(self) -> None:
        if self._wanted is None or self.count in self._wanted:
            place = self._moments / str(self.count)
            shutil.copytree(self._data, place / "data", ignore=lambda *_: ["workspace"])
            told = [sorted(self._synced.contents), sorted(self._synced.names), self._synced.log]
            (place / "synced").write_text(json.dumps(told))
        self.count += 1


def watched(folder: Path, wanted: set[int] | None, *, synced: bool = True) -> int:
    """Play a calm run and keep moments of it; return how many there were."""
    data, moments, told = folder / "data", folder / "moments", folder / "count"
    data.mkdir()
    drop(data)
    index = stores.database(data)
    index.wipe()
    index.close()
    before = (data / "database").read_bytes()

    def job() -> None:
        watcher = Watcher(data, moments, wanted)
        watcher._synced.note(data, data)
        for path in (data / "objects").rglob("*"):  # long there
            watcher._synced.note(path, data)
            watcher._synced.note(path.parent, data)
        if synced:
            os.fsync = watcher.fsync
        live(data, watcher)
        assert (data / "database").read_bytes() == before, "the log was not all that is new"
        told.write_text(str(watcher.count))

    assert in_a_process(job) == 0
    return int(told.read_text())


def cut(moment: Path, target: Path, random: Random) -> None:
    """Leave in ``target`` what a power cut leaves of a moment."""
    shutil.copytree(moment / "data", target)
    contents, names, log = json.loads((moment / "synced").read_text())
    synced = Synced(set(contents), set(names), log)
    for path in sorted((target / "objects").rglob("*")):
        if path.is_file() and not synced.is_safe(path, target):
            _tear(path, random)
    (target / "database-shm").unlink(missing_ok=True)
    written = (target / _LOG).read_bytes() if (target / _LOG).exists() else b""
    kept = written[: random.randint(min(synced.log, len(written)), len(written))]
    garbage = random.randbytes(random.randrange(6_000)) if random.random() < 0.5 else b""
    (target / _LOG).write_bytes(kept + garbage)


def _tear(path: Path, random: Random) -> None:
    data = path.read_bytes()
    kept = random.randint(0, len(data))
    match random.randrange(4):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(data[:kept])
        case 2:
            path.write_bytes(data[:kept].ljust(len(data), b"\0"))


def after(moment: Path, number: int, calm: tuple[object, ...]) -> str:
    """Cut the power at a moment and go on; return what was wrong, if anything."""
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "data"
        cut(moment, target, Random(number))
        if problems := check(target).problems:
            return "; ".join(problems)
        if half := list(_half(target, moment / "data")):
            return f"half of it is there: {half}"
        ended = in_a_process(lambda: live(target, Killer(None)))
        found = outcome(target) if ended == 0 else ended
        return "" if found == calm else f"{found} instead of {calm}"


def _half(target: Path, whole: Path) -> Iterator[str]:
    index = stores.database(target)
    with index.reading() as connection:
        files = [file for (file,) in connection.execute("SELECT file FROM objects")]
    index.close()
    for file in files:
        if (target / "objects" / file).read_bytes() != (whole / "objects" / file).read_bytes():
            yield file


def sweep(cuts: int, seed: int = 1, *, synced: bool = True) -> Iterator[str]:
    """Cut the power so often, at random moments; yield what was wrong each time, or nothing."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "first").mkdir()
        count = watched(folder / "first", set())
        calm = outcome(folder / "first" / "data")
        wanted = {random.randrange(count) for _ in range(cuts)}
        (folder / "second").mkdir()
        watched(folder / "second", wanted, synced=synced)
        moments = sorted((folder / "second" / "moments").iterdir())
        for number in range(cuts):
            yield after(moments[number % len(moments)], number, calm)


def main() -> int:
    """Cut, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=300)
    began, found = time.monotonic(), list(sweep(parser.parse_args().cuts))
    wrong = [why for why in found if why]
    for why in wrong:
        print(why)
    print(f"{len(found)} power cuts, {len(wrong)} wrong; {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
