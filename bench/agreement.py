"""Compare the page engine with ``pdftoppm -r 300 | tesseract`` on documents without a truth.

    python -m bench.agreement FOLDER [--pages 2] [--languages eng] [--texts FOLDER]

Prints a line per page: how it was read, how many words both found and each of them (words of at
least three letters, numbers of two digits), CPU seconds; last the pages on which plain tesseract
found many words that the engine did not, the most first. They are worth a look: either one may be
wrong. ``--texts`` writes what both read.

    python -m bench.agreement CORPUS --truth SCORER [--pages 8]

CORPUS and SCORER as for ``bench.engine``. Prints exactly the pages of which plain ``pdftotext`` or
plain tesseract have many of the truth's words that the engine has not (see ``bench.witnesses``) and
which are not in review, and ends with 1 if there are any. FANFOLD_LIBTESSERACT, FANFOLD_TESSERACT
and FANFOLD_POPPLER choose the engine, as for the service.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bench import readers, scoring, witnesses
from bench.readers import House, Read
from bench.witnesses import MANY, SHARE
from fanfold import settings

_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")


class Compared(NamedTuple):
    """A page: its name, what both read, and how many words they have in common."""

    name: str
    ours: Read
    plain: Read
    common: int

    @property
    def missed(self) -> int:
        """How many words of plain tesseract's are not among ours."""
        return words(self.plain.text).total() - self.common

    def __str__(self) -> str:
        page = self.ours.page
        told = f"{page.source} {page.dpi} dpi, confidence {page.confidence:.0f}" if page else ""
        found, plain = (words(read.text).total() for read in (self.ours, self.plain))
        return (
            f"{self.name[:48]:48} {told or self.ours.error:36} {found:5} words, plain {plain:5}, "
            f"both {self.common:5}; {self.ours.cpu:6.2f} : {self.plain.cpu:6.2f} CPU s"
        )


def main() -> None:
    """Read the arguments, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=2, help="at most so many pages of a file")
    parser.add_argument("--languages", default="eng")
    parser.add_argument(
        "--memory", type=int, default=readers.ROOMY, help="megabytes of the function"
    )
    parser.add_argument("--texts", type=Path, help="where to write what both read")
    parser.add_argument("--truth", type=Path, metavar="SCORER", help="ask witnesses")
    options = parser.parse_args()
    engine = replace(settings.load().engine, memory_bytes=options.memory * 2**20)
    with readers.house(engine) as house:
        if options.truth:
            sys.exit(_ask_witnesses(house, options))
        _compare(house, options)


def _ask_witnesses(house: House, options: argparse.Namespace) -> bool:
    """Print the pages on which much is missing in silence; return whether there are any."""
    scorer = scoring.load(options.truth)
    heard = witnesses.heard(house, options.folder, scorer, options.pages)
    silent = False
    for one in heard:
        if one.silent:
            silent = True
            print(one, flush=True)
    return silent


def _compare(house: House, options: argparse.Namespace) -> None:
    worth_a_look = []
    for page in _compared(house, options):
        print(page, flush=True)
        if page.missed >= max(MANY, SHARE * words(page.plain.text).total()):
            worth_a_look.append(page)
    print(f"\n{len(worth_a_look)} pages worth a look:")
    for page in sorted(worth_a_look, key=lambda page: page.missed, reverse=True):
        print(page)


def words(text: str) -> Counter[str]:
    """Return the words of a text that hardly come out of nothing."""
    return Counter(_WORD.findall(text.lower()))


def _compared(house: House, options: argparse.Namespace) -> Iterator[Compared]:
    for file in sorted(path for path in options.folder.iterdir() if path.is_file()):
        for number, page in enumerate(house.pages(file, options.pages), start=1):
            name = f"{file.name}-{number}"
            ours = house.read(page, options.languages)
            plain = readers.plain(page, options.languages)
            if options.texts:
                _write(options.texts, name, ours, plain)
            yield Compared(name, ours, plain, (words(ours.text) & words(plain.text)).total())


def _write(folder: Path, name: str, ours: Read, plain: Read) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind, read in (("ours", ours), ("plain", plain)):
        (folder / f"{name}.{kind}.txt").write_text(read.text, encoding="utf-8")


if __name__ == "__main__":
    main()
