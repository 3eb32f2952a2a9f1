"""The long run: every directed input and many mutants, on all processors.

    python -m tests.hostile [--mutants 600] [--seed 1] [--seconds 60] [--only WORDS] [--service]

Prints how they ended, what was slowest, the peak of memory, and whatever must not be. A mutant is
made again by its seed and number.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.hostile import campaign, catalogue, service
from tests.hostile.trial import Ending

_MEGABYTE = 1 << 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--mutants", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="at most for one child")
    parser.add_argument("--only", default="", help="inputs whose name holds this")
    parser.add_argument("--service", action="store_true", help="through a whole running service")
    wish = parser.parse_args()
    if wish.service:
        return through_service(wish)
    began, workers = time.monotonic(), os.cpu_count() or 1
    play = partial(share, wish.seed, wish.mutants, wish.seconds, wish.only, workers)
    with ProcessPoolExecutor(workers) as pool:
        played = list(pool.map(play, range(workers)))
    endings = [ending for part, _ in played for ending in part]
    report(endings, max(peak for _, peak in played))
    print(f"seed {wish.seed}, {time.monotonic() - began:.0f} s")
    return 1 if any(ending.wrong for ending in endings) else 0


def through_service(wish: argparse.Namespace) -> int:
    """Put all inputs through a running service, by its API and its drop folder in turns."""
    began = time.monotonic()
    inputs = [one for one in catalogue.everything(wish.seed, wish.mutants) if wish.only in one.name]
    endings, peak = service.measured(inputs, wish.seconds, tell)
    report(endings, peak)
    print(f"seed {wish.seed}, {time.monotonic() - began:.0f} s")
    return 1 if any(ending.wrong for ending in endings) else 0


def share(
    seed: int, mutants: int, seconds: float, only: str, workers: int, number: int
) -> tuple[list[Ending], int]:
    """Play one worker's share of the inputs."""
    inputs = [one for one in catalogue.everything(seed, mutants) if only in one.name]
    return campaign.play(inputs[number::workers], seconds, tell)


def tell(ending: Ending) -> None:
    """Print what must not be, at once."""
    if ending.wrong:
        print(f"WRONG {ending.name}: {'; '.join(ending.wrong)}", flush=True)


def report(endings: list[Ending], peak: int) -> None:
    """Print the figures."""
    wrong = [ending for ending in endings if ending.wrong]
    states = Counter(ending.state for ending in endings)
    codes = Counter(code for ending in endings for code in ending.codes)
    print(f"{len(endings)} inputs: " + ", ".join(f"{n} {s}" for s, n in states.most_common()))
    print("reasons: " + ", ".join(f"{n} {code}" for code, n in codes.most_common()))
    slowest = sorted(endings, key=lambda ending: -ending.seconds)[:5]
    print("slowest: " + "; ".join(f"{one.seconds:.1f} s {one.name}" for one in slowest))
    print(f"peak of memory, all children of a worker together: {peak / _MEGABYTE:.0f} MB")
    print(f"ended as they must: {len(endings) - len(wrong)} of {len(endings)}")


if __name__ == "__main__":
    raise SystemExit(main())
