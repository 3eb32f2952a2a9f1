"""The long run: many documents over many seeds, on all processors.

    python -m tests.chaos [--seeds 100] [--documents 100] [--first 0]

Seeds take turns: patient (exact by redelivery alone), busy (owners retry, cancel and delete;
queues give up; the sweep repairs), impatient (pages are read anew while older workers live).
Prints figures, or the seed that broke an invariant.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from fanfold.model import State
from tests.chaos import invariants, stories


@dataclass
class Figures:
    """What one seed came to."""

    seed: int
    ends: Counter[State] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)


def play(seed: int, documents: int) -> Figures:
    """Play one seed's story and check it; raise AssertionError where something is wrong."""
    story = (stories.patient, stories.busy, stories.impatient)[seed % 3]
    with tempfile.TemporaryDirectory() as folder:
        simulation = story(seed, Path(folder), documents)
    ends = invariants.check(simulation)
    if story is stories.patient:
        assert ends == {State.SUCCEEDED: documents}, ends
    pages = sum(len(pages) for pages in simulation.documents.values())
    deliveries = sum(queue.deliveries for queue in simulation.queues.values())
    counts = Counter(
        pages=pages,
        deliveries=deliveries,
        crashes=simulation.fate.crashes,
        calls=sum(simulation.crew.calls.values()),
    )
    return Figures(seed, ends, counts)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--documents", type=int, default=100, help="per seed")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    wish = parser.parse_args()
    began, total, broken = time.monotonic(), Figures(-1), 0
    with ProcessPoolExecutor() as pool:
        seeds = range(wish.first, wish.first + wish.seeds)
        plays = {pool.submit(play, seed, wish.documents): seed for seed in seeds}
        for ended in as_completed(plays):
            try:
                figures = ended.result()
            except Exception as error:  # an invariant, or what nobody thought of
                broken += 1
                print(f"seed {plays[ended]}: {type(error).__name__} {error}", flush=True)
                continue
            total.ends += figures.ends
            total.counts += figures.counts
    documents = sum(total.ends.values())
    print(f"{documents} documents over {wish.seeds - broken} seeds", end="; ")
    print(", ".join(f"{n} {state}" for state, n in sorted(total.ends.items())))
    print(", ".join(f"{n} {name}" for name, n in total.counts.items()), end="; ")
    print(f"{time.monotonic() - began:.0f} s")
    print(
        f"broken seeds: {broken} (0 stuck, 0 double, 0 lost)" if not broken else f"{broken} broken"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
