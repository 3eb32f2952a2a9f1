"""Pin what pages are read as, and say which of them a change reads differently.

    python -m bench.pins CORPUS PINS [--write] [--pages 60]

CORPUS is a folder with a manifest.json; PINS a JSON file with the SHA-256 of each page's JSON, its
timings left out: no text of the corpus is in it. ``--write`` makes it anew from ``--pages`` pages,
taken from each set in turn; without it the pages named there are read again, those that differ are
listed, and the exit code is their number (at most 99). Pages have ten minutes instead of one, so
that a busy machine looks at them as often as a quiet one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain, islice, zip_longest
from pathlib import Path

from bench import readers
from bench.readers import House
from fanfold import pagejson, settings

_SECONDS = 600.0
_PAGES_OF_A_FILE = 4


def main() -> None:
    """Read the arguments, read the pages, and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("pins", type=Path)
    parser.add_argument("--write", action="store_true", help="pin the pages as they are now")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--show", type=Path, help="leave each page's JSON in this folder")
    options = parser.parse_args()
    pinned = {} if options.write else json.loads(options.pins.read_text(encoding="utf-8"))
    engine = replace(settings.load().engine, seconds=_SECONDS)
    with readers.house(engine) as house:
        if options.write:
            chosen = islice(in_turn(house, options.corpus), options.pages)
        else:
            chosen = _named(house, options.corpus, list(pinned))
        found = {name: _read(house, name, path, options.show) for name, path in chosen}
    if options.write:
        options.pins.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        return
    other = [name for name in pinned if pinned[name] != found.get(name)]
    for name in other:
        print(f"differs: {name}")
    print(f"{len(pinned) - len(other)} of {len(pinned)} pages are read as pinned")
    sys.exit(min(len(other), 99))


def in_turn(house: House, corpus: Path, chosen: Collection[str] = ()) -> Iterator[tuple[str, Path]]:
    """Yield pages by name, one of each set in turn: of the ``chosen`` sets, if any are."""
    items = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    sets: dict[str, list[str]] = {}
    for item in items:
        if not chosen or item["corpus"] in chosen:
            sets.setdefault(item["corpus"], []).append(item["file"])
    pages = [
        chain.from_iterable(_pages(house, corpus, f) for f in files) for files in sets.values()
    ]
    yield from (page for turn in zip_longest(*pages) for page in turn if page)


def _named(house: House, corpus: Path, names: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the pages of these names."""
    for file in dict.fromkeys(name.rpartition("#")[0] for name in names):
        yield from (page for page in _pages(house, corpus, file) if page[0] in names)


def _pages(house: House, corpus: Path, file: str) -> Iterator[tuple[str, Path]]:
    """Yield the first pages of a file, cut, by name."""
    cuts = house.pages(corpus / file, _PAGES_OF_A_FILE)
    yield from ((f"{file}#{number}", path) for number, path in enumerate(cuts, start=1))


def _read(house: House, name: str, path: Path, show: Path | None) -> str:
    """Return the SHA-256 of a page's JSON, or the code of the error that it ends with."""
    read = house.read(path, "eng")
    if read.page is None:
        return read.error
    written = json.dumps(pagejson.dump(replace(read.page, timings={})), sort_keys=True, indent=1)
    if show:
        show.mkdir(parents=True, exist_ok=True)
        (show / f"{name.replace('/', '_')}.json").write_text(written, encoding="utf-8")
    return hashlib.sha256(written.encode()).hexdigest()


if __name__ == "__main__":
    main()
