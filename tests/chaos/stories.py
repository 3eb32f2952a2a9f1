"""What people send and do in a simulation; the seed decides the details."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from random import Random
from typing import Protocol

from fanfold.ports import DocumentStore
from tests.chaos.simulation import Simulation, Weather
from tests.fakes.world import FakeClock

LATE = {"store.mark_done": 0.4, "store.fanned": 0.3, "store.shard_done": 0.2}
KINDS = ("plain", "plain", "plain", "flaky", "heavy", "broken")


def weather(seed: int, *, patience: bool = False) -> Weather:
    """Return 5 to 20 % crashes per call, 20 % duplicates."""
    crash = (0.05, 0.10, 0.15, 0.20)[seed % 4]
    return Weather(crash, duplicates=0.2, freeze=0.01, half=0.02, patience=patience)


def pages_of(random: Random, name: str, *, plain: bool = False) -> list[str]:
    """Return the pages of a document: mostly a few, sometimes more than a shard holds."""
    count = 101 + random.randrange(5) if random.random() < 0.002 else random.randrange(1, 6)
    kinds = ["plain"] * count if plain else [random.choice(KINDS) for _ in range(count)]
    return [
        "BROKEN" if kind == "broken" else f"{kind} page {n} of {name}"
        for n, kind in enumerate(kinds, 1)
    ]


class Story(Protocol):
    """Plays to the end what one seed and so many documents make of it."""

    def __call__(
        self,
        seed: int,
        temporary: Path,
        documents: int,
        store: DocumentStore | None = None,
        clock: FakeClock | None = None,
    ) -> Simulation: ...


def story(
    weather: Callable[[int], Weather],
) -> Callable[[Callable[[Simulation, str, int], None]], Story]:
    """Make a story of what happens to one document, whose name and number it is told."""

    def tell(happens: Callable[[Simulation, str, int], None]) -> Story:
        def play(
            seed: int,
            temporary: Path,
            documents: int,
            store: DocumentStore | None = None,
            clock: FakeClock | None = None,
        ) -> Simulation:
            simulation = Simulation(seed, temporary, weather(seed), store, clock)
            for n in range(documents):
                happens(simulation, f"s{seed}-{n}.pdf", n)
            simulation.run()
            return simulation

        update_wrapper(play, happens, assigned=("__name__", "__doc__"))
        return play

    return tell


def send(simulation: Simulation, name: str, n: int, pages: list[str]) -> str:
    """Drop every second document; send the others through the API."""
    return (simulation.drop if n % 2 else simulation.post)(name, pages)


@story(lambda seed: weather(seed, patience=True))
def patient(simulation: Simulation, name: str, n: int) -> None:
    """Documents without faults of their own, under queues that never give up."""
    send(simulation, name, n, pages_of(simulation.random, name, plain=True))


@story(weather)
def busy(simulation: Simulation, name: str, n: int) -> None:
    """All kinds of documents, whose owners retry, cancel and delete; the sweep repairs."""
    random = simulation.random
    document = send(simulation, name, n, pages_of(random, name))
    for _ in range(random.randrange(3)):
        seconds = random.choice((1, 10, 60, 600, 7200, 100_000))
        deed = random.random()
        if deed < 0.6:
            chosen = random.choice(("", "", "1", "2-end"))
            simulation.retry(document, chosen, seconds)
        elif deed < 0.8:
            simulation.cancel(document, seconds)
        else:
            simulation.delete(document, seconds)


@story(lambda _: Weather(0.08, duplicates=0.3, freeze=0.05, half=0.02))
def impatient(simulation: Simulation, name: str, n: int) -> None:
    """Owners who have everything read anew while workers of the run before are still about."""
    random = simulation.random
    kinds = [random.choice(("plain", "heavy")) for _ in range(2 if n % 4 else 102)]
    pages = [f"{kind} page {k} of {name}" for k, kind in enumerate(kinds, 1)]
    # Few pages, of two shards where the document is long enough.
    document = simulation.post(name, pages, "1-2,102")
    for _ in range(2):
        simulation.retry(document, "1-end", random.choice((5, 60, 900, 2_400, 10_000)))


@story(lambda _: Weather(0.03, duplicates=0.5, patience=True, slow=LATE))
def foggy(simulation: Simulation, name: str, n: int) -> None:
    """Every second message comes twice and many writes take an hour: twins of runs long over."""
    document = simulation.drop(name, [f"plain page {k} of {name}" for k in (1, 2)])
    for _ in range(2):
        simulation.retry(document, "1-end", simulation.random.choice((60, 900, 2_400)))


@story(lambda _: Weather(duplicates=0.4, slow={"reader.read": 0.8}, longest=280_000))
def crowded(simulation: Simulation, name: str, n: int) -> None:
    """Nobody dies; pages read for minutes in the heavy lane, and many messages come twice."""
    simulation.drop(name, [f"heavy page {k} of {name}" for k in (1, 2)])


@story(lambda _: Weather(0.05, duplicates=0.3, patience=True))
def swapped(simulation: Simulation, name: str, n: int) -> None:
    """Whoever may upload a document puts another one in its place once it was looked at."""
    document = simulation.post(name, [f"plain page {k} of {name}" for k in (1, 2)])
    simulation.swap(document, ["plain lies"] * 3)


@story(lambda _: Weather(0.02, duplicates=0.1))
def jammed(simulation: Simulation, name: str, n: int) -> None:
    """Nobody comes to read for half a day, and many pages wait; of several tenants."""
    simulation.queues["page"].closed_until = simulation.clock.now() + 12 * 3_600_000
    pages = [f"plain page {k} of {name}" for k in range(1, 6)]
    simulation.post(name, pages, tenant=f"tenant {n % 3}")


@story(lambda _: Weather(duplicates=0.2))
def deadly(simulation: Simulation, name: str, n: int) -> None:
    """Every second page kills whoever reads it; nothing else goes wrong."""
    simulation.drop(name, [f"plain page of {n}", f"kills page of {n}"])
