"""What people send and do in a simulation; the seed decides the details."""

from __future__ import annotations

from pathlib import Path
from random import Random

from fanfold.ports import DocumentStore
from tests.chaos.simulation import Simulation, Weather
from tests.fakes.world import FakeClock

FAIR = Weather(crash=0.10, duplicates=0.2, freeze=0.01, half=0.02)
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


def patient(
    seed: int,
    temporary: Path,
    documents: int,
    store: DocumentStore | None = None,
    clock: FakeClock | None = None,
) -> Simulation:
    """Documents without faults of their own, under queues that never give up."""
    simulation = Simulation(seed, temporary, weather(seed, patience=True), store, clock)
    for n in range(documents):
        name = f"s{seed}-{n}.pdf"
        pages = pages_of(simulation.random, name, plain=True)
        (simulation.drop if n % 2 else simulation.post)(name, pages)
    simulation.run()
    return simulation


def busy(
    seed: int,
    temporary: Path,
    documents: int,
    store: DocumentStore | None = None,
    clock: FakeClock | None = None,
) -> Simulation:
    """All kinds of documents, whose owners retry, cancel and delete; the sweep repairs."""
    simulation = Simulation(seed, temporary, weather(seed), store, clock)
    random = simulation.random
    for n in range(documents):
        name = f"s{seed}-{n}.pdf"
        pages = pages_of(random, name)
        document = (simulation.drop if n % 2 else simulation.post)(name, pages)
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
    simulation.run()
    return simulation


def impatient(
    seed: int,
    temporary: Path,
    documents: int,
    store: DocumentStore | None = None,
    clock: FakeClock | None = None,
) -> Simulation:
    """Owners who have everything read anew while workers of the run before are still about."""
    fog = Weather(0.08, duplicates=0.3, freeze=0.05, half=0.02)
    simulation = Simulation(seed, temporary, fog, store, clock)
    random = simulation.random
    for n in range(documents):
        name = f"s{seed}-{n}.pdf"
        kinds = [random.choice(("plain", "heavy")) for _ in range(2 if n % 4 else 102)]
        pages = [f"{kind} page {k} of {name}" for k, kind in enumerate(kinds, 1)]
        # Few pages, of two shards where the document is long enough.
        document = simulation.post(name, pages, "1-2,102")
        for _ in range(2):
            simulation.retry(document, "1-end", random.choice((5, 60, 900, 2_400, 10_000)))
    simulation.run()
    return simulation


def foggy(seed: int, temporary: Path, documents: int) -> Simulation:
    """Every second message comes twice and many marks take an hour: twins of runs long over."""
    fog = Weather(0.03, duplicates=0.5, patience=True)
    simulation = Simulation(seed, temporary, fog)
    simulation.crew.slow = {"store.mark_done": 0.4}
    random = simulation.random
    for n in range(documents):
        name = f"s{seed}-{n}.pdf"
        pages = [f"plain page {k} of {name}" for k in (1, 2)]
        document = simulation.drop(name, pages)
        for _ in range(2):
            simulation.retry(document, "1-end", random.choice((60, 900, 2_400)))
    simulation.run()
    return simulation


def crowded(seed: int, temporary: Path, documents: int) -> Simulation:
    """Nobody dies; pages read for minutes in the heavy lane, and many messages come twice."""
    simulation = Simulation(seed, temporary, Weather(duplicates=0.4))
    simulation.crew.slow, simulation.crew.longest = {"reader.read": 0.8}, 280_000
    for n in range(documents):
        name = f"s{seed}-{n}.pdf"
        simulation.drop(name, [f"heavy page {k} of {name}" for k in (1, 2)])
    simulation.run()
    return simulation


def deadly(seed: int, temporary: Path, documents: int) -> Simulation:
    """Every second page kills whoever reads it; nothing else goes wrong."""
    simulation = Simulation(seed, temporary, Weather(duplicates=0.2))
    for n in range(documents):
        simulation.drop(f"s{seed}-{n}.pdf", [f"plain page of {n}", f"kills page of {n}"])
    simulation.run()
    return simulation
