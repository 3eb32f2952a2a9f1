"""Say down to which contrast book pages are read, and whether what is not is flagged.

    python -m bench.contrast [--papers 230,120] [--contrasts 90,60,50,40,30,20] [--noise 0,4,10]

Each page is ``--pages`` pages of prose drawn like a book's, in grey levels darker than its paper,
with the deviation of its noise. Prints the errors per character of the engine and of plain
tesseract, and how many pages are blank, in review, or neither read nor flagged (``silent``): the
exit code is their number.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from bench import readers
from bench.readers import House, Read
from fanfold import settings
from fanfold.model import Source
from tests.data import faint, pictures, prose

GOOD = 0.02
"""Maximum of errors per character of a page that is read."""

_SECONDS = 600.0
_TEXTS = (" ".join(prose.LIGHTHOUSE), f"{prose.INVOICE}\n{prose.NOTICE}")


class Page(NamedTuple):
    """What one page is like, and what is read of it."""

    paper: int
    contrast: int
    noise: float
    engine: Read
    plain: Read
    truth: str

    @property
    def error(self) -> float:
        """Errors of the engine per character."""
        return _error(self.truth, self.engine.text)

    @property
    def flagged(self) -> bool:
        """Whether somebody is told to look at it."""
        return self.engine.page is None or bool(self.engine.page.review)

    @property
    def silent(self) -> bool:
        """Whether it is not read and nothing is said."""
        return self.error > GOOD and not self.flagged


def main() -> None:
    """Read the arguments, run, print, and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=_numbers, default=(230, 120))
    parser.add_argument("--contrasts", type=_numbers, default=(90, 60, 50, 40, 30, 20))
    parser.add_argument("--noise", type=_numbers, default=(0, 4, 10))
    parser.add_argument("--pages", type=int, default=len(_TEXTS))
    options = parser.parse_args()
    engine = replace(settings.load().engine, seconds=_SECONDS)
    silent = 0
    print("paper noise contrast   CER  plain  blank review silent")
    with tempfile.TemporaryDirectory() as folder, readers.house(engine) as house:
        for paper, noise, contrast in product(options.papers, options.noise, options.contrasts):
            texts = _TEXTS[: options.pages]
            read = [_read(house, Path(folder), paper, contrast, noise, text) for text in texts]
            silent += sum(page.silent for page in read)
            print(_row(read), flush=True)
    sys.exit(min(silent, 99))


def _numbers(given: str) -> tuple[int, ...]:
    return tuple(map(int, given.split(",")))


def _read(house: House, folder: Path, paper: int, contrast: int, noise: int, text: str) -> Page:
    path = folder / "page.png"
    drawn = faint.page(text, paper, contrast, noise, pictures.A4)
    path.write_bytes(pictures.encode(drawn, "PNG"))
    (page,) = house.pages(path)
    plain = readers.plain(page, "eng")
    return Page(paper, contrast, noise, house.read(page, "eng"), plain, text)


def _error(truth: str, text: str) -> float:
    want, have = " ".join(truth.split()), " ".join(text.split())
    return Levenshtein.distance(want, have) / len(want)


def _row(read: Sequence[Page]) -> str:
    one, count = read[0], len(read)
    plain = sum(_error(page.truth, page.plain.text) for page in read) / count
    blank = sum(
        page.engine.page is not None and page.engine.page.source is Source.BLANK for page in read
    )
    return (
        f"{one.paper:5} {one.noise:5} {one.contrast:8} {sum(p.error for p in read) / count:5.3f} "
        f"{plain:6.3f} {blank:6} {sum(p.flagged for p in read):6} {sum(p.silent for p in read):6}"
    )


if __name__ == "__main__":
    main()
