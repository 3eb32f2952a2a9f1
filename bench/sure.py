"""How often words are sure on pages that both readers read, and how often those are right.

    python -m bench.sure CORPUS SCORER [--sets sroie,funsd] [--pages 2] [--engine auto]

CORPUS and SCORER as for ``bench.engine``. Prints a line for each half of a set's files, the even
and the odd ones (rules were made on the even ones): pages that both read, their words, which share
of these is sure, and which share of the sure ones and of the others the truth has. Truths join
words that the end of a line divides: these do not count.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import readers, scoring
from bench.engine import truth_of
from bench.passes import languages_of
from fanfold import settings
from fanfold.model import MEGABYTE, Page, Readers, Word
from fanfold.ocr.isolation.engine import installed_languages

_DIVIDED = re.compile(r"\w-$")
"""A word that goes on in the next line."""


@dataclass(slots=True)
class Half:
    """Sums over pages: words, those that are sure, and how many of both are right."""

    pages: int = 0
    words: int = 0
    sure: int = 0
    sure_right: int = 0
    unsure_right: int = 0

    def add(self, words: Iterable[Word], truth: str, scorer: Any, name: str) -> None:  # noqa: ANN401
        """Add the words of one page; ``truth`` is all of its document's."""
        said = set(scoring.WORD.findall(scoring.folded(scorer, name, truth).lower()))
        self.pages += 1
        goes_on = False
        for word in words:
            parts = scoring.WORD.findall(scoring.folded(scorer, name, word.text).lower())
            divided, goes_on = goes_on, bool(_DIVIDED.search(word.text))
            if not parts or divided or goes_on:
                continue
            right = said.issuperset(parts)
            self.words += 1
            self.sure += bool(word.sure)
            self.sure_right += right and bool(word.sure)
            self.unsure_right += right and not word.sure

    def __str__(self) -> str:
        unsure = self.words - self.sure
        return (
            f"{self.pages:>6}{self.words:>7}{self.sure / max(1, self.words):>8.3f}"
            f"{self.sure_right / max(1, self.sure):>8.4f}{self.unsure_right / max(1, unsure):>8.3f}"
        )


def main() -> None:
    """Read the arguments, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--sets", default="sroie,funsd,scribe-bench,old-books")
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--engine", type=Readers, default=Readers.AUTO)
    options = parser.parse_args()
    items = json.loads((options.corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    scorer = scoring.load(options.scorer)
    engine = replace(settings.load().engine, memory_bytes=1024 * MEGABYTE)
    installed = installed_languages(engine)
    print(f"{'set':18}{'half':>6}{'pages':>6}{'words':>7}{'sure':>8}{'right':>8}{'others':>8}")
    with readers.house(engine) as house:
        for name in options.sets.split(","):
            halves = Half(), Half()
            chosen = [item for item in items if item["corpus"] == name]
            for number, item in enumerate(chosen):
                file = options.corpus / item["file"]
                pages = house.pages(file, options.pages)
                truth = truth_of(scorer, file, options.corpus, len(pages))
                for page in pages if truth else ():
                    language = languages_of(item, installed)
                    read = house.read(page, language, engine=options.engine).page
                    if _by_both(read):
                        halves[number % 2].add(read.words, str(truth), scorer, name)
            for half, sums in zip(("even", "odd"), halves, strict=True):
                print(f"{name:18}{half:>6}{sums}", flush=True)


def _by_both(page: Page | None) -> bool:
    return page is not None and len(page.readers) > 1


if __name__ == "__main__":
    main()
