"""Break documents in every way, and see whether words are lost in silence.

    python -m bench.damage [--mutants 320] [--seed 1] [--verbose]

Six pages, born-digital and as scans in each packing of ``tests/data/packed.py``, are cut off, get
holes of 4 KB, lose objects, and have bytes of their streams changed. The engine reads what is left,
without the service around it; a page whose file is as before is not read again. Prints for each
source how many mutants lost words, and whether that was told: by the document (FAILED, PARTIAL) or
by the page (failed, in review). The exit code is how many were silent that need not be, at most 99;
those of unpacked pixels cannot be noticed and are only counted.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from bench import readers
from bench.readers import House, Read
from fanfold import settings
from fanfold.errors import FanfoldError
from tests.data import packed

TYPED = "born-digital"
SOURCES = (TYPED, *packed.PACKINGS)
UNNOTICEABLE = ("unpacked",)
"""Packings in which a hole is a change of pixels like any other."""

_HOLE = 4096
_SCRATCH = 48
"""Bytes of a stream that are changed."""

_OBJECT = re.compile(rb"(?m)^\d+ \d+ obj\b.*?^endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)

Change = Callable[[bytes, Random], bytes]


@dataclass(slots=True)
class Tally:
    """What became of the mutants of one source."""

    mutants: int = 0
    lost: int = 0
    silent: list[str] = field(default_factory=list)


def main() -> None:
    """Read the arguments, break and read, print and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="name every silent mutant")
    options = parser.parse_args()
    with readers.house(readers.roomy(settings.load().engine)) as house:
        told = sweep(house, options.mutants, options.seed)
    print(f"{'source':14}{'mutants':>8}{'lost words':>11}{'silent':>8}")
    for name, tally in told.items():
        print(f"{name:14}{tally.mutants:8}{tally.lost:11}{len(tally.silent):8}")
        if options.verbose:
            print(*(f"  {each}" for each in tally.silent), sep="\n")
    sys.exit(min(99, silent(told)))


def silent(told: dict[str, Tally]) -> int:
    """Return how many mutants lost words in silence that could have been noticed."""
    return sum(len(tally.silent) for name, tally in told.items() if name not in UNNOTICEABLE)


def sweep(
    house: House, mutants: int, seed: int, names: Sequence[str] = SOURCES
) -> dict[str, Tally]:
    """Break the sources ``names`` in turn, ``mutants`` times in all, and read what is left."""
    random = Random(seed)
    sources = {name: packed.typed() if name == TYPED else packed.scanned(name) for name in names}
    told = {name: Tally() for name in sources}
    known: dict[str, Read] = {}
    for number in range(mutants):
        name = list(sources)[number % len(sources)]
        change = list(CHANGES)[number // len(sources) % len(CHANGES)]
        data = CHANGES[change](sources[name], random)
        whole = _outcome(house, sources[name], known)
        _judge(told[name], f"{change} {number}", whole, _outcome(house, data, known))
    return told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a document says: words of pages that nobody is told to look at, of all, and if told."""

    pages: tuple[frozenset[str], ...]
    flagged: frozenset[int]
    document: bool


def _judge(tally: Tally, what: str, whole: Outcome, found: Outcome) -> None:
    tally.mutants += 1
    said = frozenset().union(*found.pages)
    lost = [
        number
        for number in range(1, len(whole.pages) + 1)
        if (packed.words(number) & whole.pages[number - 1]) - said
    ]
    tally.lost += bool(lost)
    if lost and not found.document and any(number not in found.flagged for number in lost):
        tally.silent.append(f"{what}: pages {lost}")


def _outcome(house: House, data: bytes, known: dict[str, Read]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(data)
        try:
            broken, cuts = house.cut(path)
        except FanfoldError:
            return Outcome((), frozenset(), document=True)
        reads = [_read(house, cut, known) if cut else Read("", 0.0) for cut in cuts]
    flagged = (n for n, one in enumerate(reads, 1) if one.page is None or one.page.review)
    pages = tuple(frozenset(one.text.lower().split()) for one in reads)
    return Outcome(pages, frozenset(flagged), document=broken or not cuts)


def _read(house: House, page: Path, known: dict[str, Read]) -> Read:
    digest = sha256(page.read_bytes()).hexdigest()
    if digest not in known:
        known[digest] = house.read(page, "eng")
    return known[digest]


def _cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(64, len(data))]


def _hole(fill: Callable[[Random], bytes]) -> Change:
    def change(data: bytes, random: Random) -> bytes:
        at = random.randrange(16, max(17, len(data) - _HOLE))
        return data[:at] + fill(random)[: len(data) - at] + data[at + _HOLE :]

    return change


def _without_object(data: bytes, random: Random) -> bytes:
    place = random.choice(list(_OBJECT.finditer(data)))
    return data[: place.start()] + b" " * len(place[0]) + data[place.end() :]


def _renumbered(data: bytes, random: Random) -> bytes:
    """Let one object be known by a number that nobody asks for."""
    place = random.choice(list(_OBJECT.finditer(data)))
    number = data[place.start() : place.end()].split(b" ", 1)[0]
    return data[: place.start()] + b"9" * len(number) + data[place.start() + len(number) :]


def _scratched(data: bytes, random: Random) -> bytes:
    """Change some bytes within a stream."""
    stream = random.choice([each for each in _STREAM.finditer(data) if len(each[1]) > 2 * _SCRATCH])
    at = random.randrange(stream.start(1) + 16, stream.end(1) - _SCRATCH)
    return data[:at] + random.randbytes(_SCRATCH) + data[at + _SCRATCH :]


CHANGES: dict[str, Change] = {
    "cut off": _cut_off,
    "hole of zeros": _hole(lambda _: bytes(_HOLE)),
    "hole of noise": _hole(lambda random: random.randbytes(_HOLE)),
    "object missing": _without_object,
    "object renumbered": _renumbered,
    "stream scratched": _scratched,
}
"""Ways to break a document, by name."""


if __name__ == "__main__":
    main()
