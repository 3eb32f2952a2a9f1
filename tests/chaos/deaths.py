"""Many mixed documents through one machine whose processes are killed and which starts anew.

Half of them are posted, each with an Idempotency-Key and as often as it takes; half are dropped
into the inbox. None may be lost, be there twice, or come to rest without an end, and what is read
has to be what a calm service reads.

    python -m tests.chaos.deaths [--documents 500] [--kills 50] [--restarts 10]
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx
import psutil

from fanfold.model import State
from tests.data.samples import ensure
from tests.integration.machine.conftest import Service, until

_SECONDS = 3600.0
_KINDS = ("native.pdf", "native.pdf", "native.pdf", "page.png", "no document")


@dataclass(frozen=True, slots=True)
class Wish:
    """How many documents, deaths of workers, and deaths of the whole service."""

    documents: int
    kills: int
    restarts: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as it was sent: its bytes differ from all others' where that changes nothing."""

    name: str
    kind: str
    data: bytes


def documents(count: int) -> list[Sent]:
    """Return so many documents of all kinds."""
    samples, sent = ensure(), []
    for n in range(count):
        kind = _KINDS[n % len(_KINDS)]
        file = samples / kind
        data = file.read_bytes() if file.exists() else kind.encode()
        sent.append(Sent(f"{n}-{kind.replace(' ', '-')}", kind, data + f"\n%{n}".encode()))
    return sent


class Life:
    """A service that is started anew as often as it dies."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.service = Service(data)

    def post(self, sent: Sent) -> None:
        """Send a document until it was taken, whoever dies meanwhile."""

        def taken() -> bool:
            with suppress(httpx.TransportError, RuntimeError):
                answer = self.service.client.post(
                    "/v1/documents",
                    params={"name": sent.name},
                    content=sent.data,
                    headers={"Content-Type": "application/pdf", "Idempotency-Key": sent.name},
                )
                return answer.status_code in (200, 202)
            return False

        until(taken, _SECONDS)

    def drop(self, sent: Sent) -> None:
        """Put a document into the inbox, whole."""
        part = self._data / "inbox" / f".{sent.name}"
        part.write_bytes(sent.data)
        part.rename(part.with_name(sent.name))

    def kill(self, random: Random) -> bool:
        """Kill one of the worker processes; False if there is none."""
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            family = psutil.Process(self.service.process.pid).children()
            if family:
                os.kill(random.choice(family).pid, signal.SIGKILL)
                return True
        return False

    def restart(self) -> None:
        """Kill the service, and start it."""
        self.service.kill()
        self.service = Service(self._data)

    def ended(self) -> int:
        """Return how many documents have come to an end."""
        place = f"{(self._data / 'database').as_uri()}?mode=ro"
        ends = [state.value for state in State if not state.live]
        with closing(sqlite3.connect(place, uri=True)) as connection:
            marks = ", ".join("?" * len(ends))
            query = f"SELECT count(*) FROM documents WHERE state IN ({marks})"
            return int(connection.execute(query, ends).fetchone()[0])


def play(wish: Wish, folder: Path, seed: int = 1) -> list[str]:
    """Have it all happen; return what is wrong."""
    random, sent = Random(seed), documents(wish.documents)
    deaths = ["kill"] * wish.kills + ["restart"] * wish.restarts
    random.shuffle(deaths)
    life = Life(folder / "data")
    posted = threading.Thread(target=lambda: [life.post(one) for one in sent[::2]], daemon=True)
    posted.start()
    for one in sent[1::2]:
        life.drop(one)
    total = len(deaths)
    for number, death in enumerate(deaths):
        wanted = number * wish.documents // (total + 1)
        until(lambda wanted=wanted: life.ended() >= wanted, _SECONDS)
        if death == "restart":
            life.restart()
        else:
            until(lambda: life.kill(random) or life.ended() >= wish.documents, _SECONDS)
    posted.join()
    until(lambda: life.ended() >= wish.documents, _SECONDS)
    wrong = list(_wrong(life, sent))
    life.service.stop()
    return wrong


def _wrong(life: Life, sent: list[Sent]) -> Iterator[str]:
    listed = list(life.service.listed())
    there = Counter(one["name"] for one in listed)
    yield from (f"{one.name} is lost" for one in sent if not there[one.name])
    yield from (f"{name} is there {count} times" for name, count in there.items() if count > 1)
    kinds = {one.name: one.kind for one in sent}
    texts: dict[str, set[str]] = {}
    for one in listed:
        kind = kinds[one["name"]]
        wanted = State.FAILED if kind == "no document" else State.SUCCEEDED
        if one["state"] != wanted:
            pages = life.service.status(one["id"])["failed_pages"]
            yield f"{one['name']} is {one['state']}: {one.get('error')}, {pages}"
        elif wanted is State.SUCCEEDED:
            texts.setdefault(kind, set()).add(life.service.text(one["id"]))
    yield from (f"{kind} was read in {len(t)} ways" for kind, t in texts.items() if len(t) > 1)


def main() -> int:
    """Play, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, count in (("--documents", 500), ("--kills", 50), ("--restarts", 10)):
        parser.add_argument(name, type=int, default=count)
    wish = Wish(**vars(parser.parse_args()))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        wrong = play(wish, Path(folder))
    for why in wrong:
        print(why)
    print(
        f"{wish.documents} documents, {wish.kills} processes and {wish.restarts} services killed:"
        f" {len(wrong)} wrong; {time.monotonic() - began:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
