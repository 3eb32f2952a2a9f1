"""All inputs: those made on purpose, and as many mutants as one likes."""

from __future__ import annotations

from random import Random

from tests.hostile import (  # noqa: F401 - they register their inputs
    bombs,
    boxes,
    codecs,
    fonts,
    locks,
    nests,
    outward,
    stills,
    strangers,
    trees,
)
from tests.hostile.mutants import mutant
from tests.hostile.registry import INPUTS, Input


def everything(seed: int, mutants: int) -> list[Input]:
    """Return every directed input and ``mutants`` mutants."""
    return [*INPUTS.values(), *(mutant(seed, number) for number in range(mutants))]


def some(seed: int, directed: int, mutants: int) -> list[Input]:
    """Return a seed's choice of both."""
    chosen = Random(seed).sample(sorted(INPUTS), directed)
    return [*(INPUTS[name] for name in chosen), *(mutant(seed, n) for n in range(mutants))]
